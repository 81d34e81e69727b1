#include <stdint.h>
#include <string.h>
#include <arpa/inet.h>

union addr {
    uint32_t v4;
    uint8_t  v6[16];
};

struct peer {
    int family;
    union addr a;
    uint16_t port;
};

int peer_equal(const struct peer *x, const struct peer *y)
{
    if (x->family != y->family || x->port != y->port)
        return 0;
    return x->family == AF_INET ? x->a.v4 == y->a.v4
                                : memcmp(x->a.v6, y->a.v6, 16) == 0;
}
