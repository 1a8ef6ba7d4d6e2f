/* An attack from inside a view of the file system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack-view.h"
#include "confine/view.h"

static int entering_error;

int attack_as(uid_t uid, const struct restriction *restriction, int (*attack)(void))
{
	const struct restriction complete = attack_complete(restriction);
	pid_t pid = fork();

	if (pid == 0) {
		int error;

		umask(077); /* as the gateway's */
		error = view_enter(&complete, -1) == 0 ? 0 : errno;

		if (error != entering_error) {
			fprintf(stderr, "view_enter: %s\n", strerror(error));
			_exit(ATTACK_NOT_ENTERED);
		}
		if (error == 0 && !view_holds(&complete))
			_exit(ATTACK_NOT_AS_ASKED);
		if (uid != 0)
			attack_become_account();
		_exit(error != 0 ? 0 : attack());
	}
	return attack_status(pid);
}

int attack_in(const struct restriction *restriction, int (*attack)(void))
{
	return attack_as(ATTACK_ACCOUNT, restriction, attack);
}

static int nothing(void)
{
	return 0;
}

int attack_fails_to_enter(const struct restriction *restriction, int error)
{
	int status;

	entering_error = error;
	status = attack_in(restriction, nothing);
	entering_error = 0;
	return status;
}
