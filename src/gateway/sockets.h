/* The listening sockets: handed over by an init system, or bound here (R21). */
#ifndef ROLEGATE_SOCKETS_H
#define ROLEGATE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/policy.h"

enum { SOCKETS_MAX = 256, SOCKET_NAME_MAX = 65 };

struct endpoint_socket {
	int fd;
	char name[SOCKET_NAME_MAX]; /* of the endpoint */
};

struct sockets {
	struct endpoint_socket items[SOCKETS_MAX];
	size_t count;
	int control;     /* -1: none */
	bool activated;  /* the endpoints' sockets are the init system's */
	bool own_control;
	int lock; /* on ROLEGATE_RUN_DIR, so that no second gateway takes the names */
};

/* `count` sockets from ACTIVATION_FIRST on. Those that are none of ours are closed, and said. */
void sockets_activate(struct sockets *sockets, int count);
/* The directory for those that are bound here. 0, or -1, and said why. */
int sockets_open_directory(struct sockets *sockets);
/* One socket for each endpoint, no other, and the control socket. What fails is said. */
void sockets_update(struct sockets *sockets, const struct policy *policy);
bool sockets_has(const struct sockets *sockets, const char *name);
/* In a child: only closes. In the gateway, with `remove`, their names go too. */
void sockets_close(struct sockets *sockets, bool remove);

/* A bound and listening socket ROLEGATE_RUN_DIR/NAME.sock of this mode, or -1 and errno. */
int socket_bind(const char *name, unsigned mode);
/* The name of an endpoint from a socket's path: its file name without ".sock". False: none. */
bool socket_name(const char *path, char name[SOCKET_NAME_MAX]);

#endif
