#include "admin/admin.h"
#include "base/message.h"

int watch_verb(const struct options *options)
{
	(void)options;
	message_error("watch: not there yet");
	return ADMIN_WRONG;
}
