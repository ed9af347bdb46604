namespace Releases.Aws;

/// <summary>A call that changes something was sent, and whether it took effect is not known: it has to be found out before anything else is done.</summary>
internal sealed class UnansweredException(string operation, Exception cause)
    : Exception($"{operation} was sent and not answered: {cause.Message.TrimEnd('.')}.", cause);
