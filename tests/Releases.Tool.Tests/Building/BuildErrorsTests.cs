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
    public void An_SDK_that_is_not_found_is_explained_by_the_lines_below_the_error()
    {
        var errors = new BuildErrors();
        foreach (var line in (string[])[
            "/app/T1.csproj : error : Could not resolve SDK \"Contoso.Sdk\". Exactly one of the probing messages below indicates why we could not "
                + "resolve the SDK. Investigate and resolve that message to correctly specify the SDK.",
            "/app/T1.csproj : error :   SDK resolver \"Microsoft.DotNet.MSBuildWorkloadSdkResolver\" returned null.",
            "/app/T1.csproj : error :   The NuGetSdkResolver did not resolve this SDK because there was no version specified.",
            "/app/T1.csproj : error :   MSB4276: The default SDK resolver failed to resolve SDK \"Contoso.Sdk\".",
            "/app/T1.csproj : error MSB4236: The SDK 'Contoso.Sdk' specified could not be found.",
            "/app/T1.csproj : error :   The NuGetSdkResolver did not resolve this SDK because there was no version specified."])
            errors.Look(line);
        Assert.Equal(
            ("/app/T1.csproj : error : Could not resolve SDK \"Contoso.Sdk\": The NuGetSdkResolver did not resolve this SDK because there was no "
                + "version specified; MSB4276: The default SDK resolver failed to resolve SDK \"Contoso.Sdk\".", null), errors.First);
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
