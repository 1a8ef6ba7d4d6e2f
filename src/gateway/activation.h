/* What the init system hands over, and is told: sd_listen_fds(3), sd_notify(3). */
#ifndef ROLEGATE_ACTIVATION_H
#define ROLEGATE_ACTIVATION_H

enum { ACTIVATION_FIRST = 3 };

/* How many sockets came, from ACTIVATION_FIRST on, close-on-exec; 0: none. Forgets them. */
int activation_take(void);
/* "READY=1" and so on; nothing without an init system that listens. */
void activation_notify(const char *state);

#endif
