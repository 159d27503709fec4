import directors;

# The web processes of compose.yaml.
backend web_1 { .host = "web-1"; .port = "8000"; .connect_timeout = 1s; .first_byte_timeout = 30s; }
backend web_2 { .host = "web-2"; .port = "8000"; .connect_timeout = 1s; .first_byte_timeout = 30s; }

sub vcl_init {
    new web = directors.round_robin();
    web.add_backend(web_1);
    web.add_backend(web_2);
}
