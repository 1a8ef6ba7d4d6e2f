#include "admin/admin.h"
#include "base/message.h"

int import_verb(const struct options *options)
{
	(void)options;
	message_error("import: not there yet");
	return ADMIN_WRONG;
}
