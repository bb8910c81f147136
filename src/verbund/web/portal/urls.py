from __future__ import annotations

from django.urls import include, path

from verbund.web.networks.views import network_new
from verbund.web.portal.views import help as help_views
from verbund.web.portal.views import home, mails, networks, outbox, people, search, typed

urlpatterns = [
    path("", home.home, name="home"),
    path("networks.css", networks.network_colours, name="network_colours"),
    path("networks/", networks.networks, name="networks"),
    path("networks/new/", network_new, name="network_new"),  # before it is taken for a network
    path("networks/<slug:slug>/", networks.network, name="network"),
    path("search/", search.search, name="search"),
    path("help/", help_views.help_index, name="help"),
    path("help/<slug:name>/", help_views.help_page, name="help_page"),
    path("about/", help_views.about, name="about"),
    path("robots.txt", help_views.robots, name="robots"),
    path("favicon.ico", help_views.favicon, name="favicon"),
    path("me/", people.account, name="account"),
    path("start/", include("verbund.web.portal.setup.urls")),
    path("demo/", people.demo_people, name="demo_people"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.mail, name="outbox_mail"),
    path("outbox/<int:pk>/letter/", outbox.letter, name="outbox_letter"),
    path("outbox/<int:pk>/again/", outbox.mail_again, name="outbox_again"),
    path("me/typed/", typed.typed, name="typed"),
    path("me/mails/", mails.my_mails, name="my_mails"),
    path("mails/<str:token>/", mails.choices, name="mail_choices"),
    path("bridge/", include("verbund.web.portal.bridge.urls")),
]
