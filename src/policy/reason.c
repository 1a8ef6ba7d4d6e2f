#include "policy/reason.h"

#include <stddef.h>

static const char *const codes[] = {
	[REASON_GATEWAY_ERROR] = "gateway-error",
	[REASON_PERMITTED] = "permitted",
	[REASON_SYNTAX] = "syntax",
	[REASON_NOT_PERMITTED] = "not-permitted",
	[REASON_PARAMETER_NOT_ALLOWED] = "parameter-not-allowed",
	[REASON_VALUE_NOT_ALLOWED] = "value-not-allowed",
	[REASON_INVALID_VALUE] = "invalid-value",
	[REASON_MISSING_PARAMETER] = "missing-parameter",
	[REASON_DISABLED] = "disabled",
	[REASON_PENDING_APPROVAL] = "pending-approval",
	[REASON_UNTRUSTED] = "untrusted",
	[REASON_BLOCKED_BY_PROFILE] = "blocked-by-profile",
	[REASON_NO_ROLE] = "no-role",
	[REASON_NOT_IDENTIFIED] = "not-identified",
	[REASON_AUTHENTICATION_FAILED] = "authentication-failed",
	[REASON_ACCOUNT_REFUSED] = "account-refused",
	[REASON_LIMIT] = "limit",
};

const char *reason_code(enum reason reason)
{
	size_t index = (size_t)reason;

	return codes[index < sizeof(codes) / sizeof(*codes) ? index : REASON_GATEWAY_ERROR];
}
