from django.urls import path, register_converter

from articles import feeds
from articles.months import MonthConverter
from articles.views import article, card, history, lists, manifest, method, preview, register, search

app_name = "articles"
register_converter(MonthConverter, "month")

urlpatterns = [
    path("", lists.home, name="home"),
    path("articles/<slug:slug>/", article.article, name="article"),
    path("articles/<slug:slug>/record.json", article.record_of_article, name="record"),
    path("articles/<slug:slug>/history/", history.history, name="history"),
    path("articles/<slug:slug>/history/<int:number>/", history.version, name="version"),
    path("articles/<slug:slug>/history/<int:number>/record.json", history.record_of_version, name="version-record"),
    path("articles/<slug:slug>/card-<slug:key>.png", card.card, name="card"),
    path("about/", lists.about, name="about-index"),
    path("about/<slug:slug>/", article.article, name="about"),
    path("categories/number/<int:pk>/", lists.category_by_number, name="category-by-number"),
    path("categories/<slug:slug>/", lists.category, name="category"),
    path("authors/number/<int:pk>/", lists.author_by_number, name="author-by-number"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("archive/", lists.archive, name="archive"),
    path("archive/<month:start>/", lists.month, name="month"),
    path("corrections/", lists.corrections, name="corrections"),
    path("sources/", register.sources, name="sources"),
    path("sources/number/<int:pk>/", register.source_by_number, name="source-by-number"),
    path("sources/<slug:slug>/", register.source, name="source"),
    path("search/", search.search, name="search"),
    path("confidence/", method.confidence, name="confidence"),
    path("ledger/", method.record, name="ledger"),
    path("preview/<str:token>/", preview.preview, name="preview"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    *feeds.addresses("", feeds.site, "feed"),
    *feeds.addresses("categories/<slug:slug>/", feeds.category, "category-feed"),
    *feeds.addresses("authors/<slug:slug>/", feeds.author, "author-feed"),
    *feeds.addresses("corrections/", feeds.corrections, "corrections-feed"),
]
