#include "gateway/peer.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

enum { PROC_FILE_MAX = 64 * 1024 };

static int fail(const char **complaint, const char *text)
{
	*complaint = text;
	return -1;
}

static char *read_proc(struct arena *arena, pid_t pid, const char *name, size_t *length)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fd_read_file(arena, path, PROC_FILE_MAX, length);
}

/* The process started before its connection was accepted, so its number was not given out since. */
static bool started_before(struct arena *arena, pid_t pid, int64_t accepted)
{
	size_t length;
	char *text = read_proc(arena, pid, "stat", &length);
	uint64_t ticks, per_second = (uint64_t)sysconf(_SC_CLK_TCK);

	return text != NULL && peer_parse_start_time(text, &ticks) &&
	       ticks / per_second * 1000 + ticks % per_second * 1000 / per_second <=
		       (uint64_t)accepted;
}

static bool credentials(int socket, struct ucred *ucred)
{
	socklen_t size = sizeof(*ucred);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, ucred, &size) == 0 &&
	       size == sizeof(*ucred) && ucred->pid > 0;
}

/* Kernels before 6.5 can't say it of the socket: open by number, and look again. */
static int open_by_number(struct arena *arena, int socket, pid_t pid, int64_t accepted)
{
	_cleanup_fd_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct ucred again;

	if (pidfd < 0 || !credentials(socket, &again) || again.pid != pid ||
		!started_before(arena, pid, accepted))
		return -1;
	return fd_take(&pidfd);
}

static int open_peer(struct arena *arena, int socket, pid_t pid, int64_t accepted)
{
	int pidfd = -1;
	socklen_t size = sizeof(pidfd);

	if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) == 0)
		return pidfd;
	return errno == ENOPROTOOPT ? open_by_number(arena, socket, pid, accepted) : -1;
}

static bool is_alive(int pidfd)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	return poll(&poll_fd, 1, 0) == 0;
}

/* 1 and the id; 0 where the kernel has no such file; -1 for anything else. */
static int read_id(struct arena *arena, pid_t pid, const char *name, uint32_t *id)
{
	size_t length;
	char *text = read_proc(arena, pid, name, &length);

	*id = UINT32_MAX;
	if (text == NULL)
		return errno == ENOENT && access("/proc/self/loginuid", F_OK) != 0 ? 0 : -1;
	return peer_parse_id(text, strcspn(text, "\n"), true, id) ? 1 : -1;
}

static bool ids_agree(struct arena *arena, const struct peer *peer)
{
	struct peer_status status;
	size_t length;
	char *text = read_proc(arena, peer->pid, "status", &length);

	if (text == NULL || strlen(text) != length || !peer_parse_status(text, &status))
		return false;
	for (size_t i = 0; i < 4; i++)
		if (status.uid[i] != peer->uid || status.gid[i] != peer->gid)
			return false;
	return true;
}

static int check_login_uid(const struct peer *peer, bool allow_unset, const char **complaint)
{
	if (peer->login_uid == (uid_t)-1)
		return allow_unset ? 0 : fail(complaint, "your process has no login uid");
	if (peer->login_uid != peer->uid)
		return fail(complaint, "your process belongs to another person's login");
	return 0;
}

int peer_identify(struct arena *arena, int socket, int64_t accepted, bool allow_unset_login_uid,
	struct peer *peer, const char **complaint)
{
	struct ucred ucred;
	_cleanup_fd_ int pidfd = -1;
	uint32_t login_uid, audit_session;
	int read;

	*peer = (struct peer){ .uid = (uid_t)-1, .gid = (gid_t)-1, .login_uid = (uid_t)-1,
		.audit_session = (unsigned)-1,
		.pidfd = -1 };
	if (!credentials(socket, &ucred) || ucred.uid == (uid_t)-1 || ucred.gid == (gid_t)-1)
		return fail(complaint, "the kernel doesn't say who is asking");
	peer->pid = ucred.pid;
	peer->uid = ucred.uid;
	peer->gid = ucred.gid;
	pidfd = open_peer(arena, socket, ucred.pid, accepted);
	if (pidfd < 0)
		return fail(complaint, "the process that connected is gone");
	if (!ids_agree(arena, peer))
		return fail(complaint, "real, effective and saved ids of your process differ");
	read = read_id(arena, peer->pid, "loginuid", &login_uid);
	if (read < 0 || read_id(arena, peer->pid, "sessionid", &audit_session) < 0)
		return fail(complaint, "the login uid of your process can't be read");
	if (!is_alive(pidfd))
		return fail(complaint, "the process that connected is gone");
	peer->login_uid = login_uid;
	peer->audit_session = audit_session;
	if (check_login_uid(peer, allow_unset_login_uid, complaint) != 0)
		return -1;
	peer->pidfd = fd_take(&pidfd);
	return 0;
}

uid_t peer_login_uid(struct arena *arena, int socket, int64_t accepted)
{
	struct ucred ucred;
	_cleanup_fd_ int pidfd = -1;
	uint32_t login_uid;

	if (!credentials(socket, &ucred))
		return (uid_t)PEER_GONE;
	pidfd = open_peer(arena, socket, ucred.pid, accepted);
	if (pidfd < 0 || read_id(arena, ucred.pid, "loginuid", &login_uid) < 0 || !is_alive(pidfd))
		return (uid_t)PEER_GONE;
	return login_uid;
}
