/* The gateway's one long-lived process: takes connections, forks sessions, loads configurations. */
#ifndef ROLEGATE_LISTENER_H
#define ROLEGATE_LISTENER_H

#include <stdint.h>
#include <time.h>

#include "confine/support.h"
#include "gateway/loader.h"
#include "gateway/peer.h"
#include "gateway/refusals.h"
#include "gateway/sessions.h"
#include "gateway/sockets.h"
#include "record/record.h"

enum { CONTROL_MAX = 8 };

/* Who asked for a configuration to be loaded: for its record. */
struct asker {
	const char *by; /* "start", "signal", "rolegatectl" */
	struct peer peer; /* uid (uid_t)-1: nobody; pidfd -1 */
};

/* A connection of rolegatectl's. */
struct control {
	int fd; /* -1: free */
	int64_t accepted; /* clock_now() */
	bool waiting; /* for a configuration to be loaded */
	unsigned flags;
	int64_t deadline; /* to say what it wants */
};

/* A session without a connection. */
struct spare {
	pid_t pid; /* 0: none */
	int channel;
};

struct listener {
	const char *directory; /* of the configuration */
	const char *capabilities;
	bool has_login_uid;
	struct support support;
	int signals; /* signalfd: HUP, TERM, INT, CHLD; ORDER_SIGNAL is dropped */
	struct sockets sockets;
	struct control control[CONTROL_MAX];
	struct sessions sessions;
	struct spare spare;
	struct refusals refusals;
	struct loader loader;
	struct asker asker;
	bool load_again; /* asked for while loading */
	struct asker next_asker;
	struct configuration current, rejected;
	uint64_t loads;
	struct recorder *recorder;
	const char *event_log; /* that the recorder was opened with; malloc'd */
	int64_t started;       /* clock_now() */
	int64_t stop_deadline; /* CLOCK_NEVER: not stopping */
	int64_t keep_due;      /* when drives are next looked through (drive_keep.c) */
	pid_t keep;	       /* who is at it; 0: nobody */
	int64_t limit_recorded, drop_recorded;
};

/* The first configuration, records, PAM, sockets. 0, or -1 and said why. */
int listener_open(struct listener *listener);
/* Until SIGTERM. */
void listener_run(struct listener *listener);
/* In a child: nothing of the listener's stays open. */
void listener_forget(struct listener *listener);

/* accept.c: everything that waits at one socket. */
void accept_sessions(struct listener *listener, const struct endpoint_socket *item);
/* A child that is neither the loader nor a session's is nobody's. */
void accept_ended(struct listener *listener, pid_t pid, int status);
/* Records what was counted without a record, when it is time or, with `all`, now. */
void accept_refusals(struct listener *listener, bool all);

/* spare.c: there is one afterwards. 0, or -1 and errno. */
int spare_start(struct listener *listener);
/* Gives the connection to the spare; its process, or -1 and errno. */
struct handoff;
pid_t spare_use(struct listener *listener, const struct handoff *handoff, int socket);
/* It has another configuration, or its connection: it is none any more. */
void spare_drop(struct listener *listener);

/* reload.c */
void reload_start(struct listener *listener, const struct asker *asker);
void reload_finish(struct listener *listener, int status);
/* The first one, waited for. 0, or -1 when it was refused. */
int reload_first(struct listener *listener);

/* control.c */
void control_accept(struct listener *listener);
void control_serve(struct listener *listener, struct control *control);
/* Else who connects waits in the queue of the socket. */
bool control_has_room(const struct listener *listener);
/* Answers everybody who waits for the configuration that was loaded or refused. */
void control_loaded(struct listener *listener, const struct configuration *configuration);
/* Closes those that are too late; the next deadline, or CLOCK_NEVER. */
int64_t control_expire(struct listener *listener);

/* status.c, reload_answer.c: for rolegatectl, in `arena`. */
char *status_text(struct arena *arena, const struct listener *listener, bool json);
/* NULL: it could not even be tried. */
char *reload_text(struct arena *arena, const struct configuration *configuration, bool json);

#endif
