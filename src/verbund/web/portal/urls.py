from __future__ import annotations

from django.urls import path

from verbund.web.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("networks.css", views.network_colours, name="network_colours"),
    path("search/", views.search, name="search"),
    path("help/", views.help_page, name="help"),
    path("about/", views.about, name="about"),
    path("legal/<slug:slug>/<slug:kind>/", views.legal, name="legal"),
    path("outbox/", views.outbox, name="outbox"),
    path("demo/", views.demo_people, name="demo_people"),
]
