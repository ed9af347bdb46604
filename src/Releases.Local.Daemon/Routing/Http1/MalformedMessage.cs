namespace Releases.Local;

/// <summary>A message that is not passed on, because two readers could take it for different things, or because it is too much.</summary>
/// <param name="status">What a client that sent it is answered.</param>
/// <param name="message">Why, to follow the sender in a sentence: <c>sent …</c></param>
internal sealed class MalformedMessage(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
