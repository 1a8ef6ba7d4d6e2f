#include "admin/admin.h"
#include "base/message.h"

int test_verb(const struct options *options)
{
	(void)options;
	message_error("test: not there yet");
	return ADMIN_WRONG;
}
