from __future__ import annotations

from django.urls import path

from verbund.web.partnering.views import (
    answers,
    deciding,
    found,
    freshness,
    funnel,
    introductions,
    members,
    pairs,
    suggestions,
    weights,
)

urlpatterns = [
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/own/", members.own_suggestions, name="own_suggestions"),
    path("suggestions/freshness/", freshness.freshness, name="suggestions_freshness"),
    path(
        "suggestions/recompute/<int:left>-<int:right>/",
        freshness.recompute,
        name="suggestions_recompute",
    ),
    path("suggestions/why/", pairs.why, name="suggestions_why"),
    path("suggestions/weights/", weights.weights, name="weights"),
    path("suggestions/weights/<int:left>-<int:right>/", weights.weights, name="weights_of"),
    path(
        "suggestions/weights/<int:left>-<int:right>/propose/",
        weights.propose,
        name="weights_propose",
    ),
    path("suggestions/weights/<int:pk>/use/", weights.use, name="weights_use"),
    path("suggestions/weights/<int:pk>/shipped/", weights.use_shipped, name="weights_shipped"),
    path("suggestions/<int:pk>/", suggestions.suggestions, name="suggestion"),
    path("suggestions/<int:pk>/introduce/", deciding.introduce, name="suggestion_introduce"),
    path("suggestions/<int:pk>/postpone/", deciding.postpone, name="suggestion_postpone"),
    path("suggestions/<int:pk>/reject/", deciding.reject, name="suggestion_reject"),
    path("suggestions/<int:pk>/reopen/", deciding.reopen, name="suggestion_reopen"),
    path("suggestions/<int:pk>/wish/", members.wish, name="suggestion_wish"),
    path("suggestions/<int:pk>/unwish/<slug:side>/", members.unwish, name="suggestion_unwish"),
    path(
        "members/<int:pk>/suggestions/",
        members.organisation_suggestions,
        name="organisation_suggestions",
    ),
    path("introductions/", introductions.introductions, name="introductions"),
    path("introductions/<int:pk>/", introductions.introduction, name="introduction"),
    path("introductions/<int:pk>/remind/", introductions.remind, name="introduction_remind"),
    path("introductions/<int:pk>/withdraw/", introductions.withdraw, name="introduction_withdraw"),
    path("introductions/<int:pk>/talk/", introductions.note_talk, name="introduction_talk"),
    path("introductions/<int:pk>/answer/", introductions.answer, name="introduction_answer"),
    path("answer/<str:token>/", answers.answer_by_mail, name="answer_by_mail"),
    path("agreements/<slug:slug>/funnel/", funnel.funnel, name="agreement_funnel"),
    path("found/", found.found, name="found"),
]
