/* The init system's side of sd_listen_fds(3) and sd_notify(3). */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/activation.h"

enum { FAILED = 100 };

/*
 * What a child takes that finds `count` sockets said to come for `pid` (0: for itself), when two
 * did. FAILED: an open one that would survive an exec, or a variable that a program could inherit.
 */
static int taken(pid_t pid, const char *count)
{
	pid_t child = fork();
	int status = 0, got;
	char number[16];

	if (child == 0) {
		dup2(STDERR_FILENO, ACTIVATION_FIRST);
		dup2(STDERR_FILENO, ACTIVATION_FIRST + 1);
		close(ACTIVATION_FIRST + 2);
		snprintf(number, sizeof(number), "%d", (int)(pid == 0 ? getpid() : pid));
		setenv("LISTEN_PID", number, 1);
		setenv("LISTEN_FDS", count, 1);
		setenv("LISTEN_FDNAMES", "a:b", 1);
		got = activation_take();
		for (int fd = ACTIVATION_FIRST; fd < ACTIVATION_FIRST + got; fd++)
			if (fcntl(fd, F_GETFD) != FD_CLOEXEC)
				_exit(FAILED);
		_exit(getenv("LISTEN_PID") != NULL || getenv("LISTEN_FDS") != NULL ||
					getenv("LISTEN_FDNAMES") != NULL
				? FAILED
				: got);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void sockets_come_to_the_process_they_are_meant_for(void **state)
{
	(void)state;
	assert_int_equal(taken(0, "2"), 2);
	assert_int_equal(taken(getpid(), "2"), 0);
}

static void a_count_that_is_none_is_no_socket(void **state)
{
	static const char *const counts[] = {
		"", "0", "-1", "2x", "two", "1025", "99999999999999999999"};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		assert_int_equal(taken(0, counts[i]), 0);
}

static void a_socket_that_did_not_come_spoils_all(void **state)
{
	(void)state;
	assert_int_equal(taken(0, "3"), 0);
}

/* `name` is the socket's, with '@' for the zero byte of an abstract one. */
static void hear(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char heard[32] = "";

	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(
		bind(fd, (struct sockaddr *)&address,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
	activation_notify("READY=1");
	assert_int_equal(recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT), 7);
	assert_string_equal(heard, "READY=1");
	close(fd);
}

static void the_init_system_hears_of_it(void **state)
{
	char directory[] = "/tmp/rolegate-test-XXXXXX", name[64];

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(name, sizeof(name), "%s/notify", directory);
	hear(name);
	unlink(name);
	rmdir(directory);
	snprintf(name, sizeof(name), "@%s", directory);
	hear(name);
	unsetenv("NOTIFY_SOCKET");
	activation_notify("READY=1"); /* to nobody */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sockets_come_to_the_process_they_are_meant_for),
		cmocka_unit_test(a_count_that_is_none_is_no_socket),
		cmocka_unit_test(a_socket_that_did_not_come_spoils_all),
		cmocka_unit_test(the_init_system_hears_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
