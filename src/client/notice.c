/* What the gateway says of itself, at any time: that a limit is near, that an administrator ends
 * it. */
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "client/run.h"

const char *client_notice(struct arena *arena, struct packet *packet)
{
	const char *text = packet_get_string(arena, packet);

	return packet_done(packet) ? text_escape(arena, text, strlen(text)) : NULL;
}

/* On a raw terminal the program's line is left first, and nothing goes to the start of one by
 * itself. */
void notice_show(struct run *run, const char *text)
{
	bool raw = run->tty.raw && isatty(STDERR_FILENO) == 1;
	const char *line;

	if (run->options->quiet)
		return;
	alive_erase(run);
	line = arena_printf(
		run->arena, "%srolegate: %s%s", raw ? "\r\n" : "", text, raw ? "\r\n" : "\n");
	if (fd_write_all(STDERR_FILENO, line, strlen(line)) < 0)
		message_error("can't write a notice of the gateway: %m");
}

const char *client_hear(struct arena *arena, int socket, bool *renew)
{
	struct packet packet;

	*renew = false;
	if (client_receive(socket, arena_alloc(arena, PACKET_MAX), &packet) <= 0)
		return NULL;
	if (packet.type == PACKET_NOTICE)
		return client_notice(arena, &packet);
	*renew = packet.type == PACKET_RENEW && packet_done(&packet);
	return NULL;
}
