using Xunit;

namespace Releases.Tool.Tests;

public sealed class BuildErrorsTests
{
    [Fact]
    public void A_crash_is_named_by_its_innermost_exception()
    {
        var errors = new BuildErrors();
        foreach (var line in (string[])[
            "System.TypeInitializationException: The type initializer for 'Parser' threw an exception.",
            " ---> System.Text.Json.JsonException: Expected depth to be zero. Path: $.sdk | LineNumber: 1",
            "   at System.Text.Json.ThrowHelper.ThrowJsonReaderException(Utf8JsonReader& json, ExceptionResource resource)",
            "   --- End of inner exception stack trace ---",
            "   at Microsoft.DotNet.Cli.Program.Main(String[] args)"]) errors.Look(line);
        Assert.Equal(("System.Text.Json.JsonException: Expected depth to be zero. Path: $.sdk | LineNumber: 1", null), errors.First);
    }

    [Fact]
    public void Without_an_error_the_last_line_counts_that_is_no_stack_trace()
    {
        var errors = new BuildErrors();
        foreach (var line in (string[])["Something is wrong.", "", "   at Microsoft.DotNet.Cli.Program.Main(String[] args)"])
            errors.Look(line);
        Assert.Equal(("Something is wrong.", null), errors.First);
    }
}
