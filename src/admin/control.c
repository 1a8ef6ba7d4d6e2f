/*
 * A request names no path and no option of the gateway's (R9), and whoever asks is root.
 */
#include "admin/control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "admin/admin.h"
#include "base/fd.h"
#include "base/message.h"
#include "base/strings.h"

enum { ANSWER_TIMEOUT = 120 /* seconds: a reload of a large configuration over a slow disk */ };

static int control_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct timeval limit = {.tv_sec = ANSWER_TIMEOUT};
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		    ROLEGATE_RUN_DIR "/control.sock") >= (int)sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0 ||
		connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return fd_take(&fd);
}

/* One part. 1 when more follow, 0 at the last one, -1 with *complaint. */
static int take_part(struct arena *arena, struct packet *packet, struct strings *parts, int *status,
	const char **complaint)
{
	bool more;

	packet_close_descriptors(packet);
	if (packet->type == PACKET_REFUSED) {
		packet_get_string(arena, packet);
		*complaint = arena_printf(
			arena, "the gateway refused: %s", packet_get_string(arena, packet));
		return -1;
	}
	more = packet_get_u8(packet) != 0;
	*status = (int)packet_get_u32(packet);
	strings_add(arena, parts, packet_get_string(arena, packet));
	if (packet->type == PACKET_ANSWER && packet_done(packet) && *status >= 0 && *status <= 255)
		return more;
	*complaint = "the gateway's answer is malformed";
	return -1;
}

static char *ask_packet(struct arena *arena, int socket, const struct packet_writer *writer,
	int *status, const char **complaint)
{
	uint8_t *buffer = arena_alloc(arena, PACKET_MAX);
	struct strings parts = {0};
	struct packet packet;
	int result;

	if (packet_send(socket, writer, NULL, 0) < 0) {
		*complaint = arena_printf(arena, "asking the gateway: %s", strerror(errno));
		return NULL;
	}
	do {
		result = packet_receive(socket, buffer, &packet);
		if (result <= 0) {
			*complaint = result == 0
					     ? "the gateway closed the connection without an answer"
					     : arena_printf(arena, "the gateway's answer: %s",
						       strerror(errno));
			return NULL;
		}
		result = take_part(arena, &packet, &parts, status, complaint);
	} while (result > 0);
	return result == 0 ? strings_join(arena, &parts, "") : NULL;
}

char *control_ask(struct arena *arena, int socket, enum packet_type type, unsigned flags,
	int *status, const char **complaint)
{
	struct packet_writer writer;

	packet_start(arena, &writer, type);
	packet_put_u32(&writer, flags);
	return ask_packet(arena, socket, &writer, status, complaint);
}

enum control_outcome control_reload(struct arena *arena, const char **text)
{
	_cleanup_fd_ int fd = control_connect();
	const char *complaint = "the gateway gave no answer";
	int status = ADMIN_FOUND;

	if (fd < 0) {
		bool absent = errno == ENOENT || errno == ECONNREFUSED;

		*text = arena_printf(arena, "connecting to %s/control.sock: %s", ROLEGATE_RUN_DIR,
			strerror(errno));
		return absent ? CONTROL_ABSENT : CONTROL_UNKNOWN;
	}
	*text = control_ask(arena, fd, PACKET_RELOAD, 0, &status, &complaint);
	if (*text == NULL) {
		*text = complaint;
		return CONTROL_UNKNOWN;
	}
	return status == 0 ? CONTROL_LOADED : CONTROL_REFUSED;
}

char *control_question(struct arena *arena, const struct packet_writer *question, int *status)
{
	_cleanup_fd_ int fd = control_connect();
	const char *complaint = "the gateway gave no answer";
	char *text;

	*status = ADMIN_FOUND;
	if (fd < 0) {
		message_error("connecting to %s/control.sock: %s%s", ROLEGATE_RUN_DIR,
			strerror(errno),
			errno == ENOENT || errno == ECONNREFUSED ? "; is rolegated running?" : "");
		return NULL;
	}
	text = ask_packet(arena, fd, question, status, &complaint);
	if (text != NULL)
		return text;
	message_error("%s", complaint);
	*status = ADMIN_FOUND;
	return NULL;
}

void control_begin(struct arena *arena, const struct options *options, enum packet_type type,
	struct packet_writer *question)
{
	if ((options->given & OPTION_CONFIG) != 0)
		message_warning(
			"--config has no effect: a gateway reads its own configuration alone");
	packet_start(arena, question, type);
	packet_put_u32(question, (options->given & OPTION_JSON) != 0 ? PACKET_FLAG_JSON : 0);
}

int control_show(
	struct arena *arena, const struct options *options, const struct packet_writer *question)
{
	bool json = (options->given & OPTION_JSON) != 0;
	int status;
	const char *text = control_question(arena, question, &status);

	if (text == NULL)
		return status;
	if (!json)
		text = escape_lines(arena, text);
	fputs(text, json || status == 0 ? stdout : stderr);
	if (*text != '\0' && text[strlen(text) - 1] != '\n')
		fputc('\n', json || status == 0 ? stdout : stderr);
	return status;
}

int control_run(const struct options *options, enum packet_type type)
{
	struct arena *arena = arena_new();
	struct packet_writer question;
	int status;

	control_begin(arena, options, type, &question);
	status = control_show(arena, options, &question);
	arena_free(arena);
	return status;
}
