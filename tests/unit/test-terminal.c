/* R15: the program's terminal is the gateway's own, and the operator's is out of its reach. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/fd.h"
#include "record/record.h"
#include "confine/support.h"
#include "spawn/spawn.h"
#include "spawn/terminal.h"

static const struct confinement open_confinement;
static const struct support no_support;

static const struct packet_window window = {
	.rows = 33, .columns = 111, .x_pixels = 5, .y_pixels = 6
};

static void the_pair_belongs_to_the_account(void **state)
{
	_cleanup_fd_ int master = -1, slave = -1;
	struct termios settings;
	struct winsize size;
	struct stat status;

	(void)state;
	assert_int_equal(terminal_open(65534, &window, &master, &slave), 0);
	assert_int_equal(fstat(slave, &status), 0);
	assert_int_equal(status.st_uid, 65534);
	assert_int_equal(status.st_mode & 07707, 0600); /* 0620 where there is a group tty */
	assert_int_equal(fcntl(master, F_GETFD) & fcntl(slave, F_GETFD), FD_CLOEXEC);
	assert_int_equal(ioctl(slave, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 33);
	assert_int_equal(size.ws_col, 111);
	assert_int_equal(tcgetattr(slave, &settings), 0);
	assert_true((settings.c_iflag & IUTF8) != 0);
}

static void resize_reaches_the_slave(void **state)
{
	const struct packet_window other = { .rows = 1, .columns = 2 };
	_cleanup_fd_ int master = -1, slave = -1;
	struct winsize size;

	(void)state;
	assert_int_equal(terminal_open(0, &window, &master, &slave), 0);
	assert_int_equal(terminal_resize(master, &other), 0);
	assert_int_equal(ioctl(slave, TIOCGWINSZ, &size), 0);
	assert_int_equal(size.ws_row, 1);
	assert_int_equal(size.ws_col, 2);
}

static void end_of_input_is_read_as_such(void **state)
{
	_cleanup_fd_ int master = -1, slave = -1;
	char text[16];

	(void)state;
	assert_int_equal(terminal_open(0, &window, &master, &slave), 0);
	assert_int_equal(write(master, "half", 4), 4);
	assert_int_equal(terminal_end_input(master), 0);
	assert_int_equal(read(slave, text, sizeof(text)), 4);
	assert_int_equal(read(slave, text, sizeof(text)), 0);
}

static uid_t operator_uid(void)
{
	uid_t now;

	assert_int_equal(record_get_login_uid(&now), 0);
	return now != (uid_t)-1 ? now : 4242;
}

/*
 * The operator's session, with a terminal of its own that the gateway's half never opened: `probe`
 * runs under the gateway's pty and prints to it. Returns what came out there.
 */
static char *run_on_pty(struct arena *arena, const char *const *argv, int operator_slave)
{
	_cleanup_fd_ int master = -1, slave = -1;
	const char *complaint;
	struct account account;
	char *text = arena_alloc(arena, 8192);
	const char *environment[] = { "PATH=/usr/bin", NULL };
	struct spawn_failure failure = { .step = "none" };
	struct spawn spawn = { .confinement = &open_confinement,
		.support = &no_support,
		.argv = (char *const *)(uintptr_t)argv,
		.envp = (char *const *)(uintptr_t)environment,
		.account = &account,
		.login_uid = operator_uid() };
	int status;
	ssize_t got;
	pid_t pid;

	assert_int_equal(account_by_name(arena, "nobody", &account, &complaint), 0);
	assert_int_equal(terminal_open(account.uid, &window, &master, &slave), 0);
	spawn.program.script = -1;
	spawn.program.image = open(argv[0], O_RDONLY | O_CLOEXEC);
	spawn.streams[0] = spawn.streams[1] = spawn.streams[2] = spawn.terminal = slave;
	/* The gateway's own controlling terminal, as if it had been started from that one. */
	assert_true(operator_slave < 0 || ioctl(operator_slave, TIOCSCTTY, 0) == 0);
	if (spawn_start(&spawn, &pid, &failure) < 0)
		fail_msg("%s: %s", failure.step, strerror(failure.error));
	fd_close(&slave);
	for (size_t used = 0; used < 8000; used += (size_t)got) {
		got = read(master, text + used, 8000 - used); /* EIO: nobody has it any more */
		if (got <= 0)
			break;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(spawn.program.image);
	return text;
}

static void R15_slave_is_the_childs_controlling_terminal(void **state)
{
	static const char *const argv[] = { "/usr/bin/sh", "-c",
		"tty; tty </dev/tty; stty size; ps -o sid=,pgid=,tpgid= -p $$ | sed "
		"\"s/$$/SELF/g\"",
		NULL };
	struct arena *arena = arena_new();
	char *text = run_on_pty(arena, argv, -1);
	char *rest, *line = strtok_r(text, "\r\n", &rest);

	(void)state;
	assert_int_equal(strncmp(line, "/dev/pts/", 9), 0);
	assert_string_equal(strtok_r(NULL, "\r\n", &rest), "/dev/tty");
	assert_string_equal(strtok_r(NULL, "\r\n", &rest), "33 111");
	line = strtok_r(NULL, "\r\n", &rest);
	assert_non_null(line);
	assert_int_equal(strspn(line, " SELF"), strlen(line));
	arena_free(arena);
}

/* TIOCSTI on every descriptor and on /dev/tty, in a language that has ioctl. */
static const char typing_probe[] =
	"for my $fd (0..20) { if (open(my $h, '+<&=', $fd)) { ioctl($h, 0x5412, my $c = 'X') } }"
	"if (open(my $t, '+<', '/dev/tty')) { ioctl($t, 0x5412, my $c = 'X') }"
	"if (open(my $t, '+<', $ARGV[0])) { print 'OPENED' }"
	"print \"done\\n\"";

static void R15_typing_never_reaches_the_operators_terminal(void **state)
{
	_cleanup_fd_ int master = -1, slave = -1;
	struct pollfd ready;
	int status;
	pid_t pid;

	(void)state;
	if (access("/usr/bin/perl", X_OK) < 0)
		skip();
	assert_int_equal(terminal_open(0, &window, &master, &slave), 0);
	pid = fork();
	if (pid == 0) {
		struct arena *arena = arena_new();
		const char *argv[] = { "/usr/bin/perl", "-e", typing_probe, ttyname(slave), NULL };
		char *text;

		setsid();
		text = run_on_pty(arena, argv, slave);
		_exit(strstr(text, "done") == NULL || strstr(text, "OPENED") != NULL);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* A raw read: what was typed, with or without a line end. */
	assert_int_equal(fcntl(slave, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(terminal_end_input(master), 0);
	ready = (struct pollfd){ .fd = slave, .events = POLLIN };
	assert_int_equal(poll(&ready, 1, 1000), 1);
	assert_int_equal(read(slave, (char[8]){ 0 }, 8), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pair_belongs_to_the_account),
		cmocka_unit_test(resize_reaches_the_slave),
		cmocka_unit_test(end_of_input_is_read_as_such),
		cmocka_unit_test(R15_slave_is_the_childs_controlling_terminal),
		cmocka_unit_test(R15_typing_never_reaches_the_operators_terminal),
	};

	if (geteuid() != 0)
		return 77; /* automake: skipped */
	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
