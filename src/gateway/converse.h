/* A question of PAM's that waits for its reply. */
#ifndef ROLEGATE_CONVERSE_H
#define ROLEGATE_CONVERSE_H

#include <stdbool.h>

enum {
	REPLY_LENGTH_MAX = 511, /* PAM_MAX_RESP_SIZE, without its NUL */
	REPLY_SECONDS = 60,     /* to type it, or the endpoint's handshake_timeout if that is more */
};

struct conversation {
	bool replied;
	char *reply; /* malloc'd; NULL: declined */
};

#endif
