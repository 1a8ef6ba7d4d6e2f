#include "admin/admin.h"
#include "base/message.h"

int terminate_verb(const struct options *options)
{
	(void)options;
	message_error("terminate: not there yet");
	return ADMIN_WRONG;
}
