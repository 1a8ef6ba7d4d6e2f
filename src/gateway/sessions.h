/* The listener's table of live sessions: limits, and what is known of one that dies. */
#ifndef ROLEGATE_SESSIONS_H
#define ROLEGATE_SESSIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	SESSIONS_MAX = 1024,
	SESSION_SLOTS = SESSIONS_MAX + 128, /* with those that were dropped and have not ended yet */
};

/*
 * What a session says of itself, in memory shared with the listener: for status, and for the
 * record when it dies. A note is not trusted to be terminated: read it with session_note_text().
 */
struct session_note {
	char request[33]; /* the last one */
	char user[33];
	char doing[62];
	uint32_t login_uid, audit_session; /* of the peer; UINT32_MAX: unset, or not known yet */
	int64_t active;	   /* clock_now(): when it last was not idle; 0: not known yet */
	char running[33];  /* the request whose program runs; "": none */
	char command[65];  /* its name, */
	char account[33];  /* whom it runs as, */
	int32_t child;	   /* its process, */
	int64_t since;	   /* and clock_now() when it was started */
	char session[17];  /* the listener's own: session_slot.id while the session lives */
};

/* What the listener wants of a session, in the same memory: gateway/orders.h. */
struct session_order {
	uint32_t number;  /* grows by one with each order; written last */
	bool end;	  /* the session is to end */
	char request[33]; /* a run that is to end; "": none */
	char reason[256]; /* for the operator; "": none */
};

enum { SESSION_ID_SIZE = 17 };

struct record_losses;

struct session_slot {
	pid_t pid; /* 0: free */
	char id[SESSION_ID_SIZE]; /* random: of no other session of any gateway */
	uid_t uid, login_uid;
	pid_t peer_pid;
	int64_t started; /* clock_now() */
	char endpoint[65];
	bool dropped; /* told to end, to make room */
	struct session_note *note;
	struct session_order *order;
};

struct sessions {
	struct session_slot slots[SESSION_SLOTS];
	struct session_note *notes;
	struct session_order *orders;
	uint64_t *loads;	/* how many configurations were in force so far; sessions read it */
	struct record_losses *losses; /* of the listener and all sessions */
	size_t count, dropping; /* all; those of them that were dropped */
	size_t most;		/* of the others: SESSIONS_MAX, or less */
	uint64_t accepted, limited, dropped, died;
};

/* 0, or -1 and errno. */
int sessions_open(struct sessions *sessions);
/*
 * A free slot for one more session of `uid`, or of the login `login_uid` where that is not
 * (uid_t)-1; or NULL: there are `per_user` or `most` (R22).
 */
struct session_slot *sessions_reserve(
	struct sessions *sessions, uid_t uid, uid_t login_uid, unsigned per_user);
/*
 * When one more would leave less than a sixteenth of the places free: the oldest session that has not sent a
 * request, and was not dropped before. Else NULL. Who sends none could hold all places (R22).
 */
struct session_slot *sessions_in_the_way(struct sessions *sessions);
/* It was told to end, and holds no place any more. */
void sessions_dropped(struct sessions *sessions, struct session_slot *slot);
/* The slot's session runs from now on. `id`: random digits, cut to size. */
void sessions_started(
	struct sessions *sessions, struct session_slot *slot, pid_t pid, const char *id);
/* The slot of a session that has ended, or NULL; still filled in, but free. */
struct session_slot *sessions_ended(struct sessions *sessions, pid_t pid);
void sessions_signal(const struct sessions *sessions, int signal);

/* Writes a field of a note, cut to its size. */
#define session_note_set(field, text) session_note_write((field), sizeof(field), (text))
void session_note_write(char *field, size_t size, const char *text);
/* Reads one: `copy` has `size` bytes too. */
const char *session_note_text(char *copy, const char *field, size_t size);

#endif
