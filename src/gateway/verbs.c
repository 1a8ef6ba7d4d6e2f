#include "gateway/verbs.h"

enum {
	ASKING = SESSION_FIRST | SESSION_BETWEEN,
	REPLYING = SESSION_PROMPTING | SESSION_BETWEEN,
	STEERING = SESSION_RUNNING | SESSION_BETWEEN,
};

static const struct verb {
	enum packet_type type;
	unsigned states;
	bool descriptors;
	int (*handle)(struct session *session);
} verbs[] = {
	{ PACKET_RUN, ASKING, true, request_run },
	{ PACKET_LIST, ASKING, false, query_list },
	{ PACKET_DESCRIBE, ASKING, false, query_describe },
	{ PACKET_CHECK, ASKING, false, query_check },
	{ PACKET_CHOICES, ASKING, false, query_choices },
	{ PACKET_LINE, ASKING, false, query_line },
	{ PACKET_OVERSIZE, ASKING, false, query_oversize },
	{ PACKET_APPROVAL, ASKING, false, approver_ask },
	{ PACKET_REPLY, REPLYING, false, converse_reply },
	{ PACKET_INPUT, STEERING, false, relay_input },
	{ PACKET_INPUT_END, STEERING, false, relay_input_end },
	{ PACKET_WINDOW, STEERING, false, relay_window },
	{ PACKET_SIGNAL, STEERING, false, relay_signal },
	{ PACKET_CONTINUE, STEERING, false, relay_continue },
};

static const struct verb *find(uint16_t type)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].type == type)
			return &verbs[i];
	return NULL;
}

int verb_dispatch(struct session *session)
{
	const struct verb *verb = find(session->packet.type);
	int result = -1;

	if (verb != NULL && (verb->states & session->state) != 0 &&
		(verb->descriptors || session->packet.descriptor_count == 0))
		result = verb->handle(session);
	packet_close_descriptors(&session->packet);
	return result;
}
