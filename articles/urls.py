from django.urls import path

from articles.views import article, lists, method, preview, register

app_name = "articles"

urlpatterns = [
    path("", lists.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/record.json", article.record_of_article, name="record"),
    path("sources/", register.sources, name="sources"),
    path("sources/number/<int:pk>/", register.source_by_number, name="source-by-number"),
    path("sources/<slug:slug>/", register.source, name="source"),
    path("confidence/", method.confidence, name="confidence"),
    path("ledger/", method.record, name="ledger"),
    path("preview/<str:token>/", preview.preview, name="preview"),
]
