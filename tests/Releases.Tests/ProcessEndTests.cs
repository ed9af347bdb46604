using Xunit;

namespace Releases.Tests;

/// <summary>A code is called a signal only where a signal is what it means.</summary>
public sealed class ProcessEndTests
{
    [Theory]
    [InlineData(0, "exited with code 0")]
    [InlineData(3, "exited with code 3")]
    [InlineData(127, "exited with code 127")]
    [InlineData(132, "was ended by signal 4 (SIGILL)")]
    [InlineData(134, "was ended by signal 6 (SIGABRT)")]
    [InlineData(135, "was ended by signal 7 (SIGBUS)")]
    [InlineData(136, "was ended by signal 8 (SIGFPE)")]
    [InlineData(137, "was ended by signal 9 (SIGKILL)")]
    [InlineData(139, "was ended by signal 11 (SIGSEGV)")]
    [InlineData(143, "was ended by signal 15 (SIGTERM)")]
    // The .NET host's codes for an argument, a framework and a file that it doesn't find.
    [InlineData(129, "exited with code 129")]
    [InlineData(150, "exited with code 150")]
    [InlineData(154, "exited with code 154")]
    [InlineData(255, "exited with code 255")]
    public void Words_name_signals_that_end_programs(int code, string words) => Assert.Equal(words, ProcessEnd.Words(code));
}
