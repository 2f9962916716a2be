# Varnish 7.1 before one service, told to keep nothing.
vcl 4.1;

backend service {
    .host = "127.0.0.1";
    .port = "@service_port@";
    .connect_timeout = 1s;
    .first_byte_timeout = 60s;
}

sub vcl_recv {
    return (pass);
}
