#include "admin/admin.h"
#include "base/message.h"

int replay_verb(const struct options *options)
{
	(void)options;
	message_error("replay: not there yet");
	return ADMIN_WRONG;
}
