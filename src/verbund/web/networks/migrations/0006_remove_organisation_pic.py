from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("networks", "0005_pic_as_identifier")]

    operations = [migrations.RemoveField(model_name="organisation", name="pic")]
