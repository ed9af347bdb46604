using System.Collections.Concurrent;

namespace Releases.Tool;

/// <summary>Failures that no page can still show: the terminal has them, each sentence once, as a browser asks again and again.</summary>
internal sealed class BackgroundErrors(ErrorReport report)
{
    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    public void Report(Exception failure)
    {
        if (_said.TryAdd(failure.Message, true)) report.Write(failure);
    }
}
