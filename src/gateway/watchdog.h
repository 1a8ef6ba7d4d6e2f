/*
 * PAM modules and name services are other people's code in this process, and may hang. While the
 * watchdog runs, a session that does not stop it in time refuses its request and ends; the
 * listener, which sees how it ended, writes the record.
 */
#ifndef ROLEGATE_WATCHDOG_H
#define ROLEGATE_WATCHDOG_H

enum { WATCHDOG_SECONDS = 15 /* where no endpoint says its service_timeout */ };

/* Once for each process. 0, or -1 and errno. */
int watchdog_open(int socket, unsigned seconds);
/* `request`: the id that the refusal names. No signal is blocked until it is stopped. */
void watchdog_start(const char *request);
void watchdog_stop(void);

#endif
