/*
 * The request is a type and one flag, nothing else: no name, path or option of the caller reaches
 * the gateway (R9).
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

char *control_ask(struct arena *arena, int socket, enum packet_type type, unsigned flags,
	int *status, const char **complaint)
{
	uint8_t *buffer = arena_alloc(arena, PACKET_MAX);
	struct packet_writer writer;
	struct strings parts = {0};
	struct packet packet;
	int result;

	packet_start(arena, &writer, type);
	packet_put_u32(&writer, flags);
	if (packet_send(socket, &writer, NULL, 0) < 0) {
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

static int ask(struct arena *arena, const struct options *options, enum packet_type type)
{
	bool json = (options->given & OPTION_JSON) != 0;
	_cleanup_fd_ int fd = control_connect();
	const char *complaint = "the gateway gave no answer", *text;
	int status = ADMIN_FOUND;

	if (fd < 0) {
		message_error("connecting to %s/control.sock: %s%s", ROLEGATE_RUN_DIR,
			strerror(errno),
			errno == ENOENT || errno == ECONNREFUSED ? "; is rolegated running?" : "");
		return ADMIN_FOUND;
	}
	text = control_ask(arena, fd, type, json ? PACKET_FLAG_JSON : 0, &status, &complaint);
	if (text == NULL) {
		message_error("%s", complaint);
		return ADMIN_FOUND;
	}
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
	int status;

	if ((options->given & OPTION_CONFIG) != 0)
		message_warning(
			"--config has no effect: a gateway reads its own configuration alone");
	status = ask(arena, options, type);
	arena_free(arena);
	return status;
}
