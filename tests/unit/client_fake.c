#include "client_fake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/message.h"

enum { PATIENCE = 10000 /* milliseconds */ };

static int work(const struct fake_client *client, int socket, bool *lost)
{
	struct client_options options = client->options;
	int status;
	char *answer;

	options.lost = lost;
	if (client->ask == 0)
		return client_run(socket, &options, client->words, client->count);
	answer = client_ask(socket, client->ask, &options, client->words, client->count, &status);
	if (answer != NULL)
		dprintf(STDOUT_FILENO, "%s\n", answer);
	free(answer);
	return status;
}

static void be_client(
	const struct fake *fake, const struct fake_client *client, int socket, const int *streams)
{
	setsid();
	close(fake->socket);
	if (fake->terminal >= 0)
		close(fake->terminal);
	for (int i = 0; i < 3; i++)
		dup2(streams[i], i);
	if (client->terminal)
		ioctl(0, TIOCSCTTY, 0);
	/* As a process that job control may stop: not the session's leader. */
	if (client->terminal && fork() != 0) {
		int status;

		for (int number = 1; number < 32; number++)
			if (number != SIGCHLD)
				signal(number, SIG_IGN);
		wait(&status);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
	}
	message_set_name("rolegate");
	setenv("TERM", "fake-term", 1);
	_exit(work(client, socket, fake->lost));
}

static void open_streams(struct fake *fake, const struct fake_client *client, int *streams)
{
	struct winsize size = {.ws_row = 33, .ws_col = 77};
	int pipes[2];

	if (client->terminal) {
		assert_int_equal(openpty(&fake->terminal, &streams[0], NULL, NULL, &size), 0);
		streams[1] = streams[2] = streams[0];
		if (client->out_pipe) {
			assert_int_equal(pipe(pipes), 0);
			fake->out = pipes[0];
			streams[1] = pipes[1];
		}
		return;
	}
	streams[0] = open("/dev/null", O_RDONLY);
	assert_int_equal(pipe(pipes), 0);
	fake->out = pipes[0];
	streams[1] = pipes[1];
	assert_int_equal(pipe(pipes), 0);
	fake->err = pipes[0];
	streams[2] = pipes[1];
}

void fake_start(struct fake *fake, const struct fake_client *client)
{
	int ends[2], streams[3];

	memset(fake, 0, sizeof(*fake));
	fake->arena = arena_new();
	fake->buffer = arena_alloc(fake->arena, PACKET_MAX);
	fake->out = fake->err = fake->terminal = -1;
	fake->lost = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(fake->lost, MAP_FAILED);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	fake->socket = ends[0];
	open_streams(fake, client, streams);
	fake->client = fork();
	if (fake->client == 0)
		be_client(fake, client, ends[1], streams);
	close(ends[1]);
	close(streams[0]);
	if (streams[1] != streams[0])
		close(streams[1]);
	if (streams[2] != streams[0])
		close(streams[2]);
}

void fake_expect(struct fake *fake, enum packet_type type)
{
	struct pollfd item = {.fd = fake->socket, .events = POLLIN};

	packet_close_descriptors(&fake->packet);
	assert_int_equal(poll(&item, 1, PATIENCE), 1);
	assert_int_equal(packet_receive(fake->socket, fake->buffer, &fake->packet), 1);
	assert_int_equal(fake->packet.type, type);
}

/* Format: b u8, i u32, s string. */
void fake_send(struct fake *fake, enum packet_type type, const char *format, ...)
{
	struct packet_writer writer;
	va_list arguments;

	packet_start(fake->arena, &writer, type);
	va_start(arguments, format);
	for (; *format != '\0'; format++) {
		if (*format == 'b')
			packet_put_u8(&writer, (uint8_t)va_arg(arguments, int));
		else if (*format == 'i')
			packet_put_u32(&writer, (uint32_t)va_arg(arguments, int));
		else
			packet_put_string(&writer, va_arg(arguments, const char *));
	}
	va_end(arguments);
	assert_int_equal(packet_send(fake->socket, &writer, NULL, 0), 0);
}

void fake_refuse(struct fake *fake, const char *code, const char *detail, const char *json)
{
	fake_send(fake, PACKET_REFUSED, "ssss", code, detail, FAKE_REQUEST, json);
}

void fake_end(struct fake *fake, enum ended_kind kind, uint32_t value, const char *json)
{
	fake_send(fake, PACKET_ENDED, "iiss", (int)kind, (int)value, FAKE_REQUEST, json);
}

void fake_send_raw(struct fake *fake, const void *bytes, size_t length)
{
	assert_int_equal(send(fake->socket, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

void fake_wait_unread(struct fake *fake)
{
	struct pollfd item = {.fd = fake->socket, .events = POLLIN};

	assert_int_equal(poll(&item, 1, PATIENCE), 1);
}

void fake_hang_up(struct fake *fake)
{
	close(fake->socket);
	fake->socket = -1;
}

static void read_rest(int fd, char *text)
{
	size_t used = strlen(text);
	ssize_t got;

	if (fd < 0)
		return;
	while ((got = read(fd, text + used, FAKE_TEXT_MAX - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	close(fd);
}

int fake_finish(struct fake *fake)
{
	int status = 0;

	packet_close_descriptors(&fake->packet);
	read_rest(fake->out, fake->output);
	read_rest(fake->err, fake->errors);
	/* A terminal's reader must not stop before its last process has ended. */
	assert_int_equal(waitpid(fake->client, &status, 0), fake->client);
	read_rest(fake->terminal, fake->output);
	if (fake->socket >= 0)
		close(fake->socket);
	arena_free(fake->arena);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void fake_wait_for(struct fake *fake, const char *text)
{
	struct pollfd item = {.fd = fake->terminal, .events = POLLIN};
	size_t used = strlen(fake->output);

	while (strstr(fake->output, text) == NULL) {
		ssize_t got;

		assert_int_equal(poll(&item, 1, PATIENCE), 1);
		got = read(fake->terminal, fake->output + used, FAKE_TEXT_MAX - 1 - used);
		assert_true(got > 0);
		used += (size_t)got;
		fake->output[used] = '\0';
	}
}

void fake_type(struct fake *fake, const char *text)
{
	assert_int_equal(write(fake->terminal, text, strlen(text)), (ssize_t)strlen(text));
}
