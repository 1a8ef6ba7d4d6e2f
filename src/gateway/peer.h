/*
 * Who is at the other end of a socket, by what the kernel says alone (R18 to R20): nothing that the
 * peer sends takes part.
 */
#ifndef ROLEGATE_PEER_H
#define ROLEGATE_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

struct peer {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	uid_t login_uid;        /* (uid_t)-1: unset */
	unsigned audit_session; /* (unsigned)-1: unset */
	int pidfd;              /* the caller's to close; -1: not identified */
};

/*
 * Fills `peer`. `accepted` is CLOCK_BOOTTIME in milliseconds when the connection was taken: a
 * process that started later is not the one that connected. 0, or -1 with a sentence in *complaint;
 * what is known by then is filled in, for the record.
 */
int peer_identify(struct arena *arena, int socket, int64_t accepted, bool allow_unset_login_uid,
	struct peer *peer, const char **complaint);

/*
 * The login uid for the count of sessions: the uids of a user namespace are many, and one person's.
 * PEER_GONE when the process is; (uid_t)-1: unset, or this kernel has none.
 */
enum { PEER_GONE = -2 };
uid_t peer_login_uid(struct arena *arena, int socket, int64_t accepted);

/* What /proc/PID/status says: real, effective, saved and file system ids. */
struct peer_status {
	uint32_t uid[4], gid[4];
};

/*
 * A decimal id of `length` bytes, unsigned and below 2^32 - 1, no sign, blank or leading zero (R8).
 * With `unset`, 2^32 - 1 is taken too.
 */
bool peer_parse_id(const char *text, size_t length, bool unset, uint32_t *id);
/* The text of /proc/PID/status; every line once. A name with anything in it changes nothing (R17). */
bool peer_parse_status(const char *text, struct peer_status *status);
/* Field 22 of /proc/PID/stat, clock ticks after boot; fields are counted from the last ')' (R17). */
bool peer_parse_start_time(const char *text, uint64_t *ticks);

#endif
