# Varnish 7.1 as it is installed: it keeps what nothing forbids it to keep.
vcl 4.1;

backend service {
    .host = "127.0.0.1";
    .port = "@service_port@";
}
