from django.urls import path

from articles import feeds, sitemaps, views

app_name = "articles"

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/record.json", views.record_of_article, name="record"),
    path("sources/", views.sources, name="sources"),
    path("sources/number/<int:pk>/", views.source_by_number, name="source-by-number"),
    path("sources/<slug:slug>/", views.source, name="source"),
    path("confidence/", views.confidence, name="confidence"),
    path("ledger/", views.record, name="ledger"),
    path("preview/<str:token>/", views.preview, name="preview"),
    path("feed.atom", feeds.feed, {"form": feeds.Atom}, name="feed-atom"),
    path("feed.rss", feeds.feed, {"form": feeds.Rss}, name="feed-rss"),
    path("feed.json", feeds.feed, {"form": feeds.Json}, name="feed-json"),
    path("sitemap-<int:page>.xml", sitemaps.of_language, name="sitemap"),
]
