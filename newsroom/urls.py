from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog

from articles import sitemaps
from articles.views import pictures
from newsroom import views
from newsroom.accounts.views import admin_login

admin.site.index_title = _("The desk")
# What scripts of the admin say: the text editor has no Vietnamese of its own.
admin.site.i18n_javascript = JavaScriptCatalog.as_view(  # type: ignore[assignment, method-assign]
    packages=["django.contrib.admin", "django_prose_editor", "newsroom"]
)
admin.site.login = admin_login  # type: ignore[method-assign]
# Where a password is changed, and the session that goes on is still known to be one's own.
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore[assignment]

urlpatterns = [
    path("", views.front),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("trust.txt", views.trust, name="trust"),
    path("favicon.ico", views.favicon),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-<int:page>.xml", sitemaps.sitemap, name="sitemap-page"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("pictures/<slug:sha256>/<int:x>-<int:y>-<int:width>.<slug:file_format>", pictures.picture, name="picture"),
    path(
        "pictures/<slug:sha256>/<int:x>-<int:y>-<slug:ratio>-<int:width>.<slug:file_format>",
        pictures.picture,
        name="picture",
    ),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("metrics", views.metrics),
    path("policy-report", views.policy_report, name="policy-report"),
    path("admin/running/", admin.site.admin_view(views.running), name="running"),
    path("admin/", admin.site.urls),
    path("accounts/", include("newsroom.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *i18n_patterns(path("", include("articles.urls"))),
]

handler404 = views.not_found
handler500 = views.failed
