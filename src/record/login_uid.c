/* /proc/self/loginuid. Alone in its file: a session's child needs nothing else of this library. */
#include "record/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"

#define LOGIN_UID "/proc/self/loginuid"

int record_get_login_uid(uid_t *uid)
{
	_cleanup_fd_ int fd = open(LOGIN_UID, O_RDONLY | O_CLOEXEC);
	unsigned long long number;
	char text[16], *end;
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (length < 0)
		return -1;
	text[length] = '\0';
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno == 0 && end > text && *text >= '0' && *text <= '9' &&
		(*end == '\0' || *end == '\n') && number <= (uid_t)-1) {
		*uid = (uid_t)number;
		return 0;
	}
	errno = EPROTO;
	return -1;
}

static int write_login_uid(uid_t uid)
{
	_cleanup_fd_ int fd = open(LOGIN_UID, O_WRONLY | O_CLOEXEC);
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", (unsigned)uid);

	return fd < 0 ? -1 : fd_write_all(fd, text, (size_t)length);
}

/* Only from unset: where the kernel would allow a change, it would hide who it was. */
int record_set_login_uid(uid_t uid)
{
	uid_t now;

	if (record_get_login_uid(&now) < 0)
		return -1;
	if (uid != (uid_t)-1 && now == uid)
		return 0;
	if (uid == (uid_t)-1 || now != (uid_t)-1) {
		errno = EPERM;
		return -1;
	}
	if (write_login_uid(uid) < 0 || record_get_login_uid(&now) < 0)
		return -1;
	if (now == uid)
		return 0;
	errno = EPERM;
	return -1;
}
