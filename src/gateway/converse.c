#include "gateway/converse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/clock.h"
#include "gateway/request.h"
#include "gateway/verbs.h"
#include "gateway/watchdog.h"

int converse_reply(struct session *session)
{
	struct conversation *conversation = session->conversation;
	struct packet *packet = &session->packet;
	uint8_t answered = packet_get_u8(packet);
	size_t length;
	const uint8_t *bytes = packet_get_bytes(packet, &length);
	int result = -1;

	if (packet_done(packet) && answered <= 1 && length <= REPLY_LENGTH_MAX &&
		memchr(bytes, '\0', length) == NULL) {
		result = 0;
		if (conversation != NULL) {
			conversation->replied = true;
			conversation->reply =
				answered ? strndup((const char *)bytes, length) : NULL;
		}
	}
	explicit_bzero((void *)(uintptr_t)packet->bytes, packet->length);
	return result;
}

/* The person's time is not the modules': it has a deadline of its own, long enough to type. */
static char *wait_for_reply(struct session *session)
{
	struct conversation conversation = { .replied = false };
	unsigned seconds = session->endpoint->limits.handshake_timeout;
	int64_t deadline = clock_now() +
		(int64_t)(seconds < REPLY_SECONDS ? REPLY_SECONDS : seconds) * 1000;

	session->conversation = &conversation;
	session->state = SESSION_PROMPTING;
	while (!conversation.replied && session_receive(session, deadline) == 0)
		continue;
	session->state = SESSION_BETWEEN;
	session->conversation = NULL;
	return conversation.reply;
}

int converse_ask(void *context, int style, const char *text, char **reply)
{
	struct request *request = context;
	struct session *session = request->session;
	bool question = style == PROMPT_ECHO_OFF || style == PROMPT_ECHO_ON;

	if (request->quiet)
		return question ? -1 : 0;
	if (session->over != SESSION_OPEN ||
		(question && (request->flags & PACKET_FLAG_NO_PROMPT) != 0))
		return -1;
	packet_restart(&session->writer, PACKET_PROMPT);
	packet_put_u8(&session->writer, (uint8_t)style);
	packet_put_string(&session->writer, text);
	watchdog_stop();
	if (session_send(session) == 0 && question)
		*reply = wait_for_reply(session);
	watchdog_start(request->id.text);
	if (session->over != SESSION_OPEN)
		return -1;
	return question && *reply == NULL ? -1 : 0;
}
