/*
 * A pump between a program and every kind of descriptor that a caller may hand over. The program is
 * a child that writes or reads; the reader is the test.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/fd.h"
#include "gateway/pump.h"

enum { TURNS_MAX = 200000, STREAM = 3 * 1000 * 1000 + 17 };

/* What was written down. */
struct book {
	uint8_t *bytes;
	size_t length, counted;
	bool full;   /* counts only */
	bool broken; /* lets nothing on */
};

static bool wants(void *context)
{
	return !((struct book *)context)->full;
}

static bool take(void *context, uint8_t code, const void *bytes, size_t length)
{
	struct book *book = context;

	assert_true(code == 'o' || code == 'i');
	if (bytes == NULL) {
		book->counted += length;
	} else {
		assert_true(book->length + length <= 2 * STREAM);
		memcpy(book->bytes + book->length, bytes, length);
		book->length += length;
	}
	return !book->broken;
}

struct setting {
	struct arena *arena;
	struct book book;
	struct pump_tap tap;
	struct pump pump;
	int program; /* its end of the pump's pipe */
};

static void setting_open(struct setting *setting, uint8_t code, int descriptor)
{
	*setting = (struct setting){.arena = arena_new(), .pump = pump_none};
	setting->book.bytes = arena_alloc(setting->arena, 2 * STREAM);
	setting->tap = (struct pump_tap){&setting->book, wants, take};
	assert_int_equal(pump_open(&setting->pump, setting->arena, code, &descriptor), 0);
	setting->program = descriptor;
}

static void setting_close(struct setting *setting)
{
	pump_close(&setting->pump);
	arena_free(setting->arena);
}

/* One turn, at most `patience` ms. False when nothing was to be done. */
static bool turn(struct setting *setting, int patience)
{
	struct pollfd fds[2];

	pump_poll(&setting->pump, fds);
	if (poll(fds, 2, patience) <= 0)
		return false;
	pump_turn(&setting->pump, fds, &setting->tap);
	return true;
}

static uint8_t pattern(size_t at)
{
	return (uint8_t)(at * 2654435761u >> 13);
}

static void fill(uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = pattern(i);
}

/* A program that writes a stream, in writes of odd sizes. */
static pid_t start_writer(struct setting *setting, size_t length)
{
	pid_t pid = fork();
	uint8_t *bytes;

	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		pump_close(&setting->pump);
		bytes = malloc(length + 1);
		fill(bytes, length);
		for (size_t at = 0, part = 1; at < length; part = part * 7 % 70001 + 1) {
			size_t count = part < length - at ? part : length - at;

			if (fd_write_all(setting->program, bytes + at, count) != 0)
				_exit(1);
			at += count;
		}
		_exit(0);
	}
	close(setting->program);
	return pid;
}

/* The same to a pipe, of which *reader is the other end. */
static pid_t write_to_pipe(struct setting *setting, size_t length, int *reader)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	setting_open(setting, 'o', ends[1]);
	*reader = ends[0];
	return start_writer(setting, length);
}

static int status_of(pid_t pid)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_pattern(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] != pattern(i))
			fail_msg("byte %zu is another", i);
}

/* Reads `ours` while the pump works, until the end of file. */
static size_t read_through(struct setting *setting, int ours, uint8_t *bytes)
{
	size_t length = 0;

	for (int i = 0; i < TURNS_MAX; i++) {
		ssize_t got;

		if (pump_is_open(&setting->pump))
			(void)turn(setting, 1000);
		got = recv(ours, bytes + length, 100000, MSG_DONTWAIT);
		if (got < 0 && errno == ENOTSOCK) {
			int there = 0;

			assert_int_equal(ioctl(ours, FIONREAD, &there), 0);
			if (there == 0 && pump_is_open(&setting->pump))
				continue;
			got = read(ours, bytes + length, 100000);
		}
		if (got == 0)
			return length;
		if (got > 0)
			length += (size_t)got;
	}
	fail_msg("the stream has no end");
	return 0;
}

static void check_stream(int theirs, int ours, bool full)
{
	struct setting setting;
	uint8_t *got = malloc(2 * STREAM);
	int flags = fcntl(theirs, F_GETFL), copy = dup(theirs);
	pid_t pid;

	setting_open(&setting, 'o', theirs);
	setting.book.full = full;
	pid = start_writer(&setting, STREAM);
	/* Shared with others, it is as it was. */
	assert_int_equal(fcntl(copy, F_GETFL), flags);
	close(copy);
	assert_int_equal(read_through(&setting, ours, got), STREAM);
	assert_int_equal(status_of(pid), 0);
	assert_pattern(got, STREAM);
	if (full)
		assert_int_equal(setting.book.counted, STREAM);
	else
		assert_int_equal(setting.book.length, STREAM);
	assert_pattern(setting.book.bytes, setting.book.length);
	assert_false(pump_is_open(&setting.pump));
	free(got);
	close(ours);
	setting_close(&setting);
}

static void to_a_pipe(void **state)
{
	int ends[2];

	(void)state;
	for (int full = 0; full < 2; full++) {
		assert_int_equal(pipe(ends), 0);
		check_stream(ends[1], ends[0], full != 0);
	}
}

static void to_a_small_pipe_that_does_not_block(void **state)
{
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, 0), 0);
	assert_true(fcntl(ends[1], F_SETPIPE_SZ, 4096) >= 4096);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	check_stream(ends[1], ends[0], false);
}

static void to_a_named_pipe(void **state)
{
	char path[] = "/tmp/rolegate-pump-XXXXXX";
	int ours, theirs;

	(void)state;
	assert_non_null(mkdtemp(path));
	assert_int_equal(chdir(path), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	ours = open("fifo", O_RDONLY | O_NONBLOCK);
	theirs = open("fifo", O_WRONLY);
	assert_true(ours >= 0 && theirs >= 0);
	assert_int_equal(fcntl(ours, F_SETFL, 0), 0);
	check_stream(theirs, ours, false);
	assert_int_equal(unlink("fifo"), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(path), 0);
}

static void to_a_socket(void **state)
{
	int ends[2];

	(void)state;
	for (int full = 0; full < 2; full++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		check_stream(ends[1], ends[0], full != 0);
	}
}

/* Where it stands, and at its end for one that others append to. */
static void to_a_file(void **state)
{
	(void)state;
	for (int append = 0; append < 2; append++) {
		int file = memfd_create("pump", 0);
		uint8_t *got = malloc(STREAM + 6);
		struct setting setting;
		pid_t pid;
		int theirs;

		assert_int_equal(write(file, "before", 6), 6);
		theirs = dup(file);
		if (append != 0) {
			assert_int_equal(fcntl(file, F_SETFL, O_APPEND), 0);
			assert_int_equal(lseek(file, 0, SEEK_SET), 0);
		}
		setting_open(&setting, 'o', theirs);
		pid = start_writer(&setting, STREAM);
		while (pump_is_open(&setting.pump))
			assert_true(turn(&setting, 5000));
		assert_int_equal(status_of(pid), 0);
		/* The position is shared too. */
		assert_int_equal(lseek(file, 0, SEEK_CUR), STREAM + 6);
		assert_int_equal(pread(file, got, STREAM + 6, 0), STREAM + 6);
		assert_memory_equal(got, "before", 6);
		assert_pattern(got + 6, STREAM);
		assert_int_equal(setting.book.length, STREAM);
		free(got);
		close(file);
		setting_close(&setting);
	}
}

static void to_a_device(void **state)
{
	struct setting setting;
	pid_t pid;

	(void)state;
	setting_open(&setting, 'o', open("/dev/null", O_WRONLY));
	pid = start_writer(&setting, STREAM);
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 5000));
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(setting.book.length, STREAM);
	setting_close(&setting);
}

/* An error that a pipe can't hand on is a closed pipe. */
static void to_a_full_device(void **state)
{
	struct setting setting;
	int status;
	pid_t pid;

	(void)state;
	setting_open(&setting, 'o', open("/dev/full", O_WRONLY));
	pid = start_writer(&setting, STREAM);
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 5000));
	status = status_of(pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
	setting_close(&setting);
}

/* The reader goes: the program's next write is to a closed pipe, though none comes by itself. */
static void a_reader_that_goes(void **state)
{
	(void)state;
	for (int kind = 0; kind < 2; kind++) {
		struct setting setting;
		int ends[2], status;
		pid_t pid;

		assert_int_equal(
			kind == 0 ? pipe(ends) : socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		setting_open(&setting, 'o', ends[1]);
		close(ends[0]);
		assert_true(turn(&setting, 5000));
		assert_false(pump_is_open(&setting.pump));
		pid = start_writer(&setting, 1);
		status = status_of(pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
		setting_close(&setting);
	}
}

static void assert_held_back(struct setting *setting, pid_t pid)
{
	for (int i = 0; i < 1000 && turn(setting, 200); i++)
		continue;
	assert_false(turn(setting, 50));
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
}

/* Nobody reads: the program is held back, and the pump waits without turning round. */
static void a_reader_that_is_slow(void **state)
{
	struct setting setting;
	int reader, there = 0;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, STREAM, &reader);
	assert_held_back(&setting, pid);
	/* What a pipe holds, one chunk, and what the pump's own pipe holds. */
	assert_true(setting.book.length <= 3 * 65536);
	assert_int_equal(ioctl(reader, FIONREAD, &there), 0);
	assert_true(there > 0 && (size_t)there <= setting.book.length);
	kill(pid, SIGKILL);
	(void)status_of(pid);
	close(reader);
	setting_close(&setting);
}

/* The same for one that is full: nothing is read that can't be passed on. */
static void a_slow_reader_of_what_is_counted(void **state)
{
	struct setting setting;
	int reader;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, STREAM, &reader);
	setting.book.full = true;
	assert_held_back(&setting, pid);
	kill(pid, SIGKILL);
	(void)status_of(pid);
	close(reader);
	setting_close(&setting);
}

/* The program ends and leaves bytes behind: they are written down at once, then passed on. */
static void what_a_program_leaves(void **state)
{
	struct setting setting;
	uint8_t got[60000];
	int reader;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, sizeof(got), &reader);
	assert_int_equal(status_of(pid), 0);
	pump_finish(&setting.pump, &setting.tap);
	assert_int_equal(setting.book.length, sizeof(got));
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 1000));
	assert_int_equal(read(reader, got, sizeof(got)), sizeof(got));
	assert_pattern(got, sizeof(got));
	assert_int_equal(read(reader, got, 1), 0);
	close(reader);
	setting_close(&setting);
}

/* Nothing is left: the reader meets the end at once. */
static void what_a_program_does_not_leave(void **state)
{
	struct setting setting;
	uint8_t got[10];
	int reader;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, sizeof(got), &reader);
	assert_int_equal(status_of(pid), 0);
	assert_true(turn(&setting, 1000));
	assert_true(pump_is_open(&setting.pump));
	pump_finish(&setting.pump, &setting.tap);
	assert_false(pump_is_open(&setting.pump));
	assert_int_equal(read(reader, got, sizeof(got)), sizeof(got));
	assert_int_equal(read(reader, got, 1), 0);
	close(reader);
	setting_close(&setting);
}

/* Input that the program did not read, whoever else still could. */
static void what_a_program_did_not_read(void **state)
{
	struct setting setting;
	static const uint8_t bytes[100000];
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[1], bytes, sizeof(bytes)), sizeof(bytes));
	setting_open(&setting, 'i', ends[0]);
	for (int i = 0; i < 10 && turn(&setting, 50); i++)
		continue;
	pump_finish(&setting.pump, &setting.tap);
	assert_false(pump_is_open(&setting.pump));
	close(setting.program);
	close(ends[1]);
	setting_close(&setting);
}

/* Somebody else still writes: they are not waited for. */
static void what_goes_on_writing(void **state)
{
	struct setting setting;
	int reader;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, STREAM, &reader);
	usleep(50 * 1000);
	pump_finish(&setting.pump, &setting.tap);
	assert_true(setting.book.length <= 65536);
	pump_close(&setting.pump);
	assert_true(WIFSIGNALED(status_of(pid)));
	close(reader);
	setting_close(&setting);
}

/* What may not go on does not, and the program can end. */
static void what_could_not_be_written_down(void **state)
{
	struct setting setting;
	int reader;
	uint8_t byte;
	pid_t pid;

	(void)state;
	pid = write_to_pipe(&setting, 500000, &reader);
	setting.book.broken = true;
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 1000));
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(read(reader, &byte, 1), 0);
	close(reader);
	setting_close(&setting);
}

/* The program opens its output anew, as a shell script does with >/dev/stdout. */
static void opened_anew(void **state)
{
	struct setting setting;
	struct stat status;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	setting_open(&setting, 'o', ends[1]);
	assert_int_equal(fstat(setting.program, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0222);
	close(setting.program);
	close(ends[0]);
	setting_close(&setting);
}

/* A program that reads `most` bytes and compares. */
static pid_t start_reader(struct setting *setting, size_t most)
{
	pid_t pid = fork();

	if (pid == 0) {
		uint8_t bytes[10007];
		size_t length = 0;
		ssize_t got = 1;

		pump_close(&setting->pump);
		while (length < most &&
			(got = read(setting->program, bytes,
				 most - length < sizeof(bytes) ? most - length : sizeof(bytes))) >
				0)
			for (ssize_t i = 0; i < got; i++, length++)
				if (bytes[i] != pattern(length))
					_exit(2);
		_exit(got < 0 ? 3 : length == most ? 0 : 1);
	}
	close(setting->program);
	return pid;
}

static void check_input(int theirs, size_t length)
{
	struct setting setting;
	pid_t pid;

	setting_open(&setting, 'i', theirs);
	pid = start_reader(&setting, length + 1);
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 5000));
	/* One byte less than it wanted: it has met the end. */
	assert_int_equal(WEXITSTATUS(status_of(pid)), 1);
	assert_int_equal(setting.book.length, length);
	assert_pattern(setting.book.bytes, length);
	setting_close(&setting);
}

static void feed(int fd, int other, size_t length)
{
	uint8_t *bytes;

	if (fork() != 0) {
		close(fd);
		return;
	}
	close(other);
	bytes = malloc(length);
	fill(bytes, length);
	_exit(fd_write_all(fd, bytes, length) == 0 ? 0 : 1);
}

static void input_of_every_kind(void **state)
{
	uint8_t *bytes = malloc(STREAM);
	int ends[2], file;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	feed(ends[1], ends[0], STREAM);
	check_input(ends[0], STREAM);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	feed(ends[1], ends[0], STREAM);
	check_input(ends[0], STREAM);
	file = memfd_create("pump", 0);
	fill(bytes, STREAM);
	assert_int_equal(write(file, bytes, STREAM), STREAM);
	assert_int_equal(lseek(file, 0, SEEK_SET), 0);
	check_input(file, STREAM);
	check_input(open("/dev/null", O_RDONLY), 0);
	free(bytes);
	while (wait(NULL) > 0)
		continue;
}

/* A program that has read enough closes the pipe for whoever writes. */
static void input_that_nobody_reads(void **state)
{
	struct setting setting;
	int ends[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	setting_open(&setting, 'i', ends[0]);
	pid = start_reader(&setting, 1);
	assert_int_equal(write(ends[1], "\0", 1), 1);
	while (pump_is_open(&setting.pump))
		assert_true(turn(&setting, 5000));
	assert_int_equal(status_of(pid), 0);
	assert_int_equal(write(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(ends[1]);
	setting_close(&setting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_a_pipe),
		cmocka_unit_test(to_a_small_pipe_that_does_not_block),
		cmocka_unit_test(to_a_named_pipe),
		cmocka_unit_test(to_a_socket),
		cmocka_unit_test(to_a_file),
		cmocka_unit_test(to_a_device),
		cmocka_unit_test(to_a_full_device),
		cmocka_unit_test(a_reader_that_goes),
		cmocka_unit_test(a_reader_that_is_slow),
		cmocka_unit_test(a_slow_reader_of_what_is_counted),
		cmocka_unit_test(what_a_program_leaves),
		cmocka_unit_test(what_a_program_does_not_leave),
		cmocka_unit_test(what_a_program_did_not_read),
		cmocka_unit_test(what_goes_on_writing),
		cmocka_unit_test(what_could_not_be_written_down),
		cmocka_unit_test(opened_anew),
		cmocka_unit_test(input_of_every_kind),
		cmocka_unit_test(input_that_nobody_reads),
	};

	signal(SIGPIPE, SIG_IGN);
	alarm(100);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
