namespace Releases.Aws;

/// <summary>
/// The exception that is thrown when AWS, or something in front of it, sends a response that can't be interpreted: an empty or truncated
/// body, a web page, or members of other types.
/// </summary>
internal sealed class UnreadableResponseException(string what, Exception? cause = null) : Exception(what, cause);
