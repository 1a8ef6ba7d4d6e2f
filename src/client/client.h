/*
 * The operator's side of one session with the gateway: used by rolegate and rolegate-shell.
 * Runs without any right of its own; everything here may be replaced by the operator.
 */
#ifndef ROLEGATE_CLIENT_H
#define ROLEGATE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct client_options {
	const char *account; /* -u, or NULL */
	bool json;           /* --json */
	bool no_prompt;      /* -n */
};

/*
 * Connects to `endpoint` (NULL: RUNSTATEDIR/rolegate/default.sock, and where that is missing
 * operations.sock). The socket, or -1 with a message on stderr.
 */
int client_connect(const char *endpoint);

/*
 * Runs `words` and relays terminal, window, signals, prompts until it ends. Returns the exit
 * status of section 9. Says why on stderr (one line: reason in words, code, request id); with
 * options->json the object is the last line on stdout.
 *
 * Streams that are no terminals are passed as descriptors; for the others the gateway makes a pty,
 * whose data this relays. Input from a terminal is read only while we are in its foreground, and
 * not at all if stdout is a pipe (another program of the pipeline may be reading it).
 */
int client_run(int socket, const struct client_options *options, const char *const *words, size_t count);

/*
 * -l, --describe, --dry-run: the answer's text (malloc'd), or NULL with *status set and the reason
 * on stderr. *status is the exit status in either case. `type` is PACKET_LIST, PACKET_DESCRIBE or
 * PACKET_CHECK.
 */
char *client_ask(int socket, int type, const struct client_options *options,
	const char *const *words, size_t count, int *status);

#endif
