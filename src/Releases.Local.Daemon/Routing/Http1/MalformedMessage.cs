namespace Releases.Local;

/// <summary>
/// The exception that is thrown for a message that isn't forwarded, because two parsers could interpret it differently, or because it is
/// too large.
/// </summary>
/// <param name="status">The response status for a client that sent it.</param>
/// <param name="message">The reason, as the object of a sentence about the sender: <c>sent …</c></param>
internal sealed class MalformedMessage(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
