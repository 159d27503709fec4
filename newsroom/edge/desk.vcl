vcl 4.1;

# Varnish before the desk: what pages say of themselves is all that it goes by (s-maxage, Surrogate-Key). Three doors:
#   readers=:8080           who reads; TLS ends elsewhere, or nowhere
#   tls=:8443,PROXY         whoever ends TLS in front (hitch, HAProxy), and tells by PROXY who came
#   desk=127.0.0.1:8081     the desk alone: PURGE, which no reader may. Never open it to the world
# `backends.vcl` names the web processes, and is found by vcl_path.

import std;
import xkey;
include "backends.vcl";

sub vcl_recv {
    if (local.socket == "desk") {
        if (req.method != "PURGE" || !req.http.Surrogate-Key) {
            return (synth(405, "PURGE with Surrogate-Key"));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.Surrogate-Key)));
    }
    if (req.method == "PURGE") {
        return (synth(405, "Not here"));
    }
    unset req.http.X-Forwarded-Proto;
    if (local.socket == "tls") {
        set req.http.X-Forwarded-Proto = "https";
    }
    set req.backend_hint = web.backend();
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Whoever is signed in, the desk, and the door, which answers by the reader's languages.
    if (req.http.Cookie ~ "(^|; *)sessionid=" || req.url ~ "^/(admin|accounts|i18n)/" || req.url ~ "^/(\?|$)") {
        return (pass);
    }
    unset req.http.Cookie;
    # A page that is over is served for ten seconds while another is fetched; for a day, once nobody behind answers.
    if (req.restarts == 0) {
        set req.grace = 10s;
    }
    return (hash);
}

sub vcl_hash {
    hash_data(req.http.X-Forwarded-Proto);
}

sub vcl_backend_response {
    if (beresp.status >= 500 && bereq.retries == 0 && bereq.method == "GET") {
        return (retry);
    }
    # By default nothing is kept: neither a Cache-Control that is missing, nor a cookie.
    if (beresp.http.Set-Cookie || beresp.http.Cache-Control !~ "s-maxage=|immutable" || beresp.status >= 500) {
        set beresp.uncacheable = true;
        set beresp.ttl = 0s;
        return (deliver);
    }
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.grace = 24h;
    return (deliver);
}

sub vcl_backend_error {
    if (bereq.retries == 0) {
        return (retry);
    }
}

sub vcl_deliver {
    # Nobody behind answered: what was kept and is over, rather than a fault.
    if (resp.status >= 500 && req.grace == 10s) {
        set req.grace = 24h;
        return (restart);
    }
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
    # The edge's own words: a browser asks each time, and is mostly told 304.
    if (resp.http.Cache-Control ~ "s-maxage=") {
        set resp.http.Cache-Control = "public, max-age=0, must-revalidate";
    }
}
