#include "admin/admin.h"
#include "base/message.h"

int log_verb(const struct options *options)
{
	(void)options;
	message_error("log: not there yet");
	return ADMIN_WRONG;
}
