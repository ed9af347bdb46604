using System.Globalization;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>What the console opens, with a program in the place of the browser's that writes down how it was started and stays.</summary>
[Collection("racks")]
public sealed class The_browser_of_the_console : IAsyncLifetime
{
    private const string Script =
        """
        #!/bin/sh
        echo noise
        cp "$1" page
        { echo $$; echo "$*"; cut -d ' ' -f 6 /proc/$$/stat; } > started.new
        mv started.new started
        exec sleep 300
        """;

    private readonly TestRack _rack = new();
    private int _browser;

    public async ValueTask InitializeAsync()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_rack.AppFolder, "programs")).FullName;
        var program = Path.Combine(programs, OperatingSystem.IsMacOS() ? "open" : "xdg-open");
        await File.WriteAllTextAsync(program, Script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _rack.Variables["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser > 0) TestRack.Signal(_browser, "KILL");
        await _rack.DisposeAsync();
    }

    [Fact]
    public async Task Gets_a_file_that_leads_there_no_secret_and_is_left_by_a_Ctrl_C_at_the_terminal()
    {
        using var terminal = new PseudoTerminal(120, 30);
        var console = _rack.StartAt(terminal, color: false, "console");
        var started = Path.Combine(_rack.AppFolder, "started");
        await _rack.Until(() => Task.FromResult(File.Exists(started)), "the browser is started");
        var lines = await File.ReadAllLinesAsync(started, TestContext.Current.CancellationToken);
        _browser = int.Parse(lines[0], CultureInfo.InvariantCulture);
        Assert.DoesNotContain("token", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[0], lines[2]);
        Assert.Contains("/sign-in?token=", await File.ReadAllTextAsync(Path.Combine(_rack.AppFolder, "page"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);

        terminal.Type("\u0003");
        Assert.Equal(130, (await console.Ended).ExitCode);
        await terminal.Close();
        Assert.DoesNotContain("noise", terminal.Text, StringComparison.Ordinal);
        Assert.True(TestRack.Lives(_browser));
        Assert.False(File.Exists(lines[1]));
    }
}
