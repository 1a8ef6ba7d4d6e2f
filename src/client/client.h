/*
 * The operator's side of one session with the gateway: used by rolegate and rolegate-shell.
 * Runs without any right of its own; everything here may be replaced by the operator.
 */
#ifndef ROLEGATE_CLIENT_H
#define ROLEGATE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* What a refusal said, cut where it is longer; for whoever has more to say about it. */
struct client_refusal {
	char code[32], request[40]; /* "" when there is none */
	char detail[1024];
};

void client_keep_refusal(struct client_refusal *refusal, const char *code, const char *detail,
	const char *request);

/* What came instead of the gateway's answer: the session's end, or a refusal without JSON. */
struct client_failure {
	bool happened;
	bool started;		    /* the command had */
	struct client_refusal said; /* code "": it was none; the request "" until known */
};

struct client_options {
	const char *account; /* -u, or NULL */
	const char *act_as;  /* --act-as, or NULL */
	const char *pipeline; /* what the stages of one have in common, 32 digits; NULL: no stage */
	bool json;	     /* --json */
	bool no_prompt;	     /* -n */
	bool quiet;	     /* client_ask(): no word of a refusal on stderr */
	bool interruptible;  /* client_ask(): a signal that ends us ends the wait, and the session;
				PAM's questions are put to the terminal, which needs that */
	const char *input;   /* of PACKET_CHOICES: whose choices; else NULL */
	const char *advice;  /* a sentence added to a refusal as not-permitted or syntax, or NULL */
	struct client_refusal *refusal; /* filled in by a refusal; may be NULL */
	int started;	     /* client_run(): gets a byte when the program runs; 0: not wanted */
	bool alone;	     /* client_run(): ^Z reaches the whole group anyway: stop only us */
	bool alive;	     /* client_run(): show on a silent terminal that it still runs */
	struct client_failure *failure; /* may be NULL */
	bool *lost;	     /* set when the session can't be used any more; may be NULL */
};

/*
 * Connects to `endpoint` (NULL: RUNSTATEDIR/rolegate/default.sock, and where that is missing
 * operations.sock; an absolute path is the socket itself). The socket, close-on-exec and
 * non-blocking, or -1 with a message on stderr.
 */
int client_connect(const char *endpoint);

/*
 * PACKET_RENEW: connects again to where the last client_connect() went, under the same descriptor:
 * another session, with the configuration that is in force now. 0, or -1 with a message on stderr.
 */
int client_renew(int socket);

/*
 * What comes at `socket` while nothing is asked, once it is readable. The text of a notice, in
 * `arena` and safe for a terminal, else NULL with *renew: whether to connect again, or it is over.
 */
const char *client_hear(struct arena *arena, int socket, bool *renew);

/* What to call `endpoint` at a prompt: for NULL, the name behind default.sock. */
char *client_endpoint_name(struct arena *arena, const char *endpoint);

/*
 * Runs `words` and relays terminal, window, signals, prompts until it ends. Returns the exit
 * status of section 9. Says why on stderr (one line: reason in words, code, request id); with
 * options->json the object is the last line on stdout.
 *
 * Streams that are no terminals are passed as descriptors; for the others the gateway makes a pty,
 * whose data this relays. Input from a terminal is read only while we are in its foreground, and
 * not at all if stdout is a pipe (another program of the pipeline may be reading it): the program
 * gets /dev/null then.
 */
int client_run(
	int socket, const struct client_options *options, const char *const *words, size_t count);

/*
 * -l, --describe, --dry-run: the answer's text (malloc'd) with *status, its exit status; or NULL
 * with *status set and the reason on stderr. With options->json a refusal gives both: its object
 * as the text, and the reason on stderr. `type` is PACKET_LIST, PACKET_DESCRIBE,
 * PACKET_CHECK, or PACKET_LINE with the line as the one word, which is always refused. What no
 * packet holds is told to the gateway by its size alone, and refused too: PACKET_OVERSIZE.
 */
char *client_ask(int socket, int type, const struct client_options *options,
	const char *const *words, size_t count, int *status);

#endif
