using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>How a command ended and what it printed.</summary>
internal sealed record Outcome(int ExitCode, string Output)
{
    /// <summary>The lines that have something on them, without the space around it.</summary>
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public Outcome Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}");
        return this;
    }

    public Outcome Failed()
    {
        Assert.True(ExitCode != 0, Output);
        return this;
    }
}
