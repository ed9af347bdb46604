using Xunit;

namespace Releases.Tool.Tests;

public sealed class ErrorReportTests
{
    private static readonly Problem Missing = new(
        ProblemCode.NoSuchApp, "there is no app 'hello' on this rack.",
        Remedy.Do(Operation.ListApps, "List apps").Or(Remedy.Do(Operation.Deploy, "Create it")));

    [Fact]
    public void Puts_each_command_on_a_line_of_its_own_at_a_terminal()
    {
        var terminal = new FakeTerminal { Attended = true };
        Assert.Equal(1, Write(terminal));
        Assert.Equal(
            """
            error CONVOX0003: there is no app 'hello' on this rack.
              List apps: dotnet convox apps --rack local:/srv/convox
              Create it: dotnet convox deploy --app hello --rack local:/srv/convox

            """, $"{terminal.Talk}");
    }

    [Fact]
    public void Is_one_line_for_a_program_that_reads_it()
    {
        var terminal = new FakeTerminal();
        Assert.Equal(1, Write(terminal));
        Assert.Equal(
            "error CONVOX0003: there is no app 'hello' on this rack. List apps: dotnet convox apps --rack local:/srv/convox. "
            + "Create it: dotnet convox deploy --app hello --rack local:/srv/convox\n", $"{terminal.Talk}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/src/hello/convox.yml(3,5)")]
    public void Is_read_by_the_build_that_runs_the_command(string? location)
    {
        var line = $"{ErrorLine.Label(ProblemCode.Manifest, location)} 'prot' isn't a key: error. Did you mean port?";
        Assert.Equal(new(ProblemCode.Manifest, "'prot' isn't a key: error. Did you mean port?"), ErrorLine.Parse(line));
        Assert.Null(ErrorLine.Parse("2026-01-02 web: an error CONVOX, which is none"));
    }

    private static int Write(FakeTerminal terminal) =>
        new ErrorReport(terminal, new("hello", "local:/srv/convox"), json: false, debug: false).Write(Missing.ToException());
}
