using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>What a screen shows of a promotion while it runs.</summary>
public sealed class LiveProgressTests
{
    private readonly FakeTimeProvider _time = new(A.Moment);
    private readonly FakeTerminal _terminal = new() { Attended = true, CanRedraw = true, Width = 80 };
    private readonly LiveProgress _progress;
    private readonly Promotion _begun = A.Promotion(A.Release(), PromotionStatus.RollingOut) with
    { Release = ReleaseId.Parse("ROCHMCOUESG") };
    private Screen _screen = new(80, 24);
    private int _shown;

    public LiveProgressTests() => _progress = new(_terminal, _time);

    [Fact]
    public void Each_service_has_its_status_its_counts_and_what_is_missing_and_the_time_left_runs_down()
    {
        Show(_begun with
        {
            Services = [Service("web", ServiceStatus.Starting, 1) with { Reason = "answered 503" },
            Service("worker", ServiceStatus.Waiting, 0)]
        });
        Assert.Equal(
            """
            Rolling out v2 · rolls back automatically in 10m
            SERVICE  STATUS    HEALTHY  OLD LEFT  REASON
            web      starting  1/2      1         answered 503
            worker   waiting   0/2      1
            """, _screen.Text);

        _time.Advance(TimeSpan.FromSeconds(95));
        Show(_begun with
        { Services = [Service("web", ServiceStatus.Complete, 2) with { Old = 0 }, Service("worker", ServiceStatus.Draining, 2)] });
        Assert.Equal(
            """
            Rolling out v2 · rolls back automatically in 8m 25s
            SERVICE  STATUS    HEALTHY  OLD LEFT
            web      complete  2/2      0
            worker   draining  2/2      1
            """, _screen.Text);
    }

    [Fact]
    public void One_that_goes_back_says_why_on_one_line()
    {
        var reason = "web exited with code 134 after 0.1 s before it became healthy, 3 times in a row; the last one printed something.";
        var back = _begun with
        {
            Status = PromotionStatus.RollingBack,
            Reason = reason,
            RollbackDeadline = A.Moment.AddMinutes(15),
            Services = [Service("web", ServiceStatus.RollingBack, 0)]
        };
        Show(_begun with { Services = [Service("web", ServiceStatus.Starting, 0)] });
        Show(back);
        Assert.Equal(
            """
            Rolling back v2 · gives up in 15m
            Reason: web exited with code 134 after 0.1 s before it became healthy, 3 times…
            SERVICE  STATUS        HEALTHY  OLD LEFT
            web      rolling back  0/2      1
            """, _screen.Text);

        Show(back with
        {
            Status = PromotionStatus.Failed,
            EndedAt = A.Moment.AddSeconds(12),
            Services = [Service("web", ServiceStatus.RolledBack, 0)]
        });
        Assert.Equal("v2 failed after 12s\nSERVICE  STATUS       HEALTHY  OLD LEFT\nweb      rolled back  0/2      1", _screen.Text);
        Assert.Empty(_screen.Wrapped);
    }

    [Theory]
    [InlineData(120, true)]
    [InlineData(80, false)]
    [InlineData(60, false)]
    [InlineData(20, false)]
    public void Nothing_is_wider_than_the_screen_and_a_reason_without_room_is_left_out(int width, bool reason)
    {
        Resize(width, 24);
        Show(_begun with { Services = [Service(new string('n', 40), ServiceStatus.RollingBack, 1) with { Reason = new string('日', 50) }] });
        Show(_begun with { Services = [Service(new string('n', 40), ServiceStatus.Healthy, 2) with { Reason = new string('日', 50) }] });
        Assert.Empty(_screen.Wrapped);
        Assert.Equal(3, _screen.Text.Split('\n').Length);
        Assert.Equal(reason, _screen.Text.Contains("日…", StringComparison.Ordinal));
    }

    [Fact]
    public void A_screen_that_becomes_narrower_keeps_one_table()
    {
        Show(_begun with { Services = [Service("web", ServiceStatus.Starting, 1)] });
        // A terminal that becomes narrower gives the heading two rows.
        var rows = _screen.Text.Split('\n');
        Resize(50, 24);
        _screen.Write(string.Join("\r\n", rows) + "\r\n");
        Show(_begun with { Services = [Service("web", ServiceStatus.Healthy, 2)] });
        Assert.Equal(
            """
            Rolling out v2 · rolls back automatically in 10m
            SERVICE  STATUS   HEALTHY  OLD LEFT
            web      healthy  2/2      1
            """, _screen.Text);
    }

    [Fact]
    public void Of_more_services_than_lines_those_in_motion_are_shown_and_in_the_end_all()
    {
        Resize(80, 8);
        var services = Enumerable.Range(10, 20).Select(n => Service($"s{n}", n switch
        {
            27 => ServiceStatus.Starting,
            < 25 => ServiceStatus.Complete,
            _ => ServiceStatus.Waiting
        }, 2)).ToList();
        for (var second = 0; second < 3; second++, _time.Advance(TimeSpan.FromSeconds(1))) Show(_begun with { Services = services });
        Assert.Equal(
            """
            Rolling out v2 · rolls back automatically in 9m 58s
            SERVICE  STATUS    HEALTHY  OLD LEFT
            s10      complete  2/2      1
            s11      complete  2/2      1
            s12      complete  2/2      1
            s27      starting  2/2      1
            … and 16 more: 12 complete, 4 waiting
            """, _screen.Text);

        Show(_begun with
        {
            Status = PromotionStatus.Succeeded,
            EndedAt = A.Moment.AddSeconds(3),
            Services = [.. services.Select(s => s with { Status = ServiceStatus.Complete })]
        });
        Assert.Equal(22, _screen.Text.Split('\n').Length);
        Assert.StartsWith("v2 succeeded after 3s\n", _screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_not_changed_is_not_drawn_again()
    {
        var services = _begun with { Services = [Service("web", ServiceStatus.Starting, 1)] };
        Show(services);
        var length = _terminal.Talk.ToString().Length;
        Show(services);
        Assert.Equal(length, _terminal.Talk.ToString().Length);
    }

    [Fact]
    public void Whoever_leaves_keeps_the_last_state_without_the_echo_of_the_key()
    {
        Show(_begun with { Services = [Service("web", ServiceStatus.Starting, 1)] });
        _terminal.Talk.Write("^C");
        _progress.Leave();
        _terminal.Talk.Write("Detached.");
        Read();
        Assert.EndsWith("web      starting  1/2      1\nDetached.", _screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colors_are_the_only_difference_that_they_make()
    {
        var services = _begun with { Services = [Service("web", ServiceStatus.Healthy, 2)] };
        Show(services);
        var (plain, raw) = (_screen.Text, _terminal.Talk.ToString());
        _terminal.Color = true;
        _screen = new(80, 24);
        var colored = new LiveProgress(_terminal, _time);
        _shown = raw.Length;
        colored.Show(services, "v2");
        Read();
        Assert.Equal(plain, _screen.Text);
        Assert.DoesNotMatch(@"\e\[\d*m", raw);
        Assert.Contains("\e[32mhealthy\e[0m", _terminal.Talk.ToString(), StringComparison.Ordinal);
    }

    private static PromotionService Service(string name, ServiceStatus status, int healthy) =>
        new() { Service = ServiceName.Parse(name), Status = status, Desired = 2, Running = 2, Healthy = healthy, Old = 1 };

    private void Resize(int width, int height) => (_terminal.Width, _terminal.Height, _screen) = (width, height, new(width, height));

    private void Show(Promotion promotion)
    {
        _progress.Show(promotion, "v2");
        Read();
    }

    private void Read()
    {
        var text = _terminal.Talk.ToString();
        // A terminal's line discipline sends the carriage back at a line's end.
        _screen.Write(text[_shown..].Replace("\n", "\r\n", StringComparison.Ordinal));
        _shown = text.Length;
    }
}
