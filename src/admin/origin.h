/*
 * Where a person's login comes from, by what the kernel alone says. Whatever the environment of a
 * process holds, SSH_CONNECTION too, is its owner's to write.
 *
 * pam_loginuid gives sshd's process for a login, which is root's, an audit session number before
 * the person has any process, and every process of the login inherits it; without root, nobody
 * changes it. So the sshd process of root's that has the number of the session's client is the one
 * that let the person in, and the peer of its TCP connection is where they are. It holds for a
 * client whose parents have ended, too. A login that has ended, or was none of sshd's, has no such
 * process.
 */
#ifndef ROLEGATE_ADMIN_ORIGIN_H
#define ROLEGATE_ADMIN_ORIGIN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"

struct origin {
	const char *address; /* "192.0.2.7", "2001:db8::7"; NULL: not known */
	unsigned port;
	pid_t sshd; /* 0: not known */
};

/* The origin of the login with this audit session number. */
struct origin origin_of(struct arena *arena, unsigned audit_session);

/*
 * The terminal of a process ("pts/3") and its name as the kernel has it, which the process may
 * choose: NULL where it has none, or is not of that audit session.
 */
const char *origin_terminal(struct arena *arena, pid_t pid, unsigned audit_session);
const char *origin_program(struct arena *arena, pid_t pid, unsigned audit_session);

/* One line of /proc/net/tcp or tcp6: whether it is an open connection with the socket `inode`. */
bool origin_parse_socket(
	struct arena *arena, const char *line, unsigned long inode, struct origin *origin);

#endif
