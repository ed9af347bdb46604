using Releases.Testing;
using Xunit;

namespace Releases.Tests.Settings;

public sealed class AppSettingsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("convox-settings-").FullName;
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void The_folder_is_the_nearest_ancestor_with_a_convox_yml_or_settings()
    {
        Touch("outer/convox.yml");
        Touch("outer/inner/.convox/app");
        Touch("outer/inner/src/Web/All.sln");
        Assert.Equal(In("outer/inner"), Resolve("outer/inner/src/Web").Folder);
        Assert.Equal(In("outer"), Resolve("outer").Folder);
    }

    [Fact]
    public void Else_it_is_the_nearest_with_a_solution_else_the_git_root_else_the_folder()
    {
        Touch("repository/.git/HEAD");
        Touch("repository/product/Product.slnx");
        Touch("repository/product/src/Web/Web.csproj");
        Touch("repository/other/Other.csproj");
        Touch("alone/Alone.csproj");
        Assert.Equal(In("repository/product"), Resolve("repository/product/src/Web").Folder);
        Assert.Equal(In("repository"), Resolve("repository/other").Folder);
        Assert.Equal(In("alone"), Resolve("alone").Folder);
    }

    [Theory]
    [InlineData("All.sln", "Project(\"{X}\") = \"Web\", \"other\\Web.csproj\", \"{Y}\"", "home/shop")]
    [InlineData("All.sln", "Project(\"{X}\") = \"Web\", \"shop\\src\\Web\\Web.csproj\", \"{Y}\"", "home")]
    [InlineData("All.slnx", "<Solution><Project Path=\"shop2/Web.csproj\" /></Solution>", "home/shop")]
    [InlineData("All.slnx", "<Solution><Project Path=\"shop/src/Web/Web.csproj\" /></Solution>", "home")]
    public void A_solution_outside_the_repository_counts_if_it_has_projects_of_it(string solution, string content, string folder)
    {
        Touch($"home/{solution}", content);
        Touch("home/shop/.git/HEAD");
        Touch("home/shop/src/Web/Web.csproj");
        Assert.Equal(In(folder), Resolve("home/shop/src/Web").Folder);
        Assert.Equal(In("home"), Resolve("home/loose").Folder);
    }

    [Fact]
    public void A_worktree_has_a_file_for_its_git_root()
    {
        Touch("worktree/.git", "gitdir: /elsewhere/.git/worktrees/worktree\n");
        Assert.Equal(In("worktree"), Resolve("worktree/src").Folder);
    }

    [Fact]
    public void The_settings_folder_in_HOME_is_data()
    {
        _variables["HOME"] = In("home");
        Touch("home/.convox/app", "not-this");
        Touch("home/code/Hello/Hello.csproj");
        var settings = Resolve("home/code/Hello");
        Assert.Equal((In("home/code/Hello"), "hello"), (settings.Folder, settings.App.ToString()));
    }

    [Fact]
    public void A_HOME_that_is_not_there_is_nobodys_folder()
    {
        _variables["HOME"] = In("nonexistent");
        Touch("Hello/Hello.csproj");
        Touch("Hello/.convox/app", "shop");
        Assert.Equal("shop", Resolve("Hello").App.ToString());
    }

    [Fact]
    public void A_HOME_that_is_a_link_is_known_as_HOME()
    {
        Touch("real/.convox/app", "not-this");
        Directory.CreateSymbolicLink(In("home"), In("real"));
        _variables["HOME"] = In("home");
        Assert.Equal("real", Resolve("real").App.ToString());
    }

    [Fact]
    public void A_convox_yml_in_HOME_makes_it_an_app_without_settings()
    {
        _variables["HOME"] = In("home");
        Touch("home/convox.yml");
        Touch("home/.convox/app", "not-this");
        Assert.Equal("home", Resolve("home").App.ToString());
    }

    [Fact]
    public void The_app_is_what_was_told_else_the_variable_else_the_file_else_the_folders_name()
    {
        Touch("My App_2.0/convox.yml");
        AssertApp("my-app-2-0", $"the name of the folder {In("My App_2.0")}");
        Touch("My App_2.0/.convox/app", "from-file\n");
        AssertApp("from-file", In("My App_2.0/.convox/app"));
        _variables["CONVOX_APP"] = "from-variable";
        AssertApp("from-variable", "CONVOX_APP");
        AssertApp("told", "--app", new("told", "--app"));

        void AssertApp(string name, string source, Setting? told = null)
        {
            var settings = AppSettings.Resolve(In("My App_2.0"), told, null, Variable, FakeRackKind.Unopened);
            Assert.Equal((name, source), (settings.App.ToString(), settings.AppSource));
        }
    }

    [Fact]
    public void The_rack_is_found_the_same_way_and_is_local_otherwise()
    {
        Touch("hello/src/x");
        Touch("hello/convox.yml");
        AssertRack("local", "the default");
        Touch("hello/.convox/rack", "local:rack\n");
        AssertRack($"local:{In("hello/rack")}", In("hello/.convox/rack"));
        _variables["CONVOX_RACK"] = "local:rack";
        AssertRack($"local:{In("hello/src/rack")}", "CONVOX_RACK");
        AssertRack("aws://eu-west-1/production", "ConvoxRack", new("aws://eu-west-1/production", "ConvoxRack"));

        void AssertRack(string address, string source, Setting? told = null)
        {
            var settings = AppSettings.Resolve(In("hello/src"), null, told, Variable, FakeRackKind.Unopened);
            Assert.Equal((address, source), (settings.Rack.ToString(), settings.RackSource));
        }
    }

    [Fact]
    public void What_is_wrong_is_told_with_where_it_comes_from()
    {
        Touch("123/x");
        Assert.Contains($"from the name of the folder {In("123")}", Wrong(() => Resolve("123")).Message, StringComparison.Ordinal);
        _variables["CONVOX_APP"] = "hello";
        _variables["CONVOX_RACK"] = "nowhere";
        var problem = Wrong(() => Resolve("123"));
        Assert.Equal((ProblemCode.RackAddress, ProblemKind.Usage), (problem.Code, problem.Kind));
        Assert.Equal("'nowhere', from CONVOX_RACK, isn't a rack address.", problem.Message);
    }

    [Fact]
    public void An_empty_setting_is_none()
    {
        Touch("hello/.convox/app", " \n");
        _variables["CONVOX_APP"] = "";
        Assert.Equal("hello", AppSettings.Resolve(In("hello"), new("", "ConvoxApp"), null, Variable, FakeRackKind.Unopened).App.ToString());
    }

    private static Problem Wrong(Action action) => Assert.Throws<ProblemException>(action).Problems[0];

    private AppSettings Resolve(string folder) => AppSettings.Resolve(In(folder), null, null, Variable, FakeRackKind.Unopened);

    private string? Variable(string name) => _variables.GetValueOrDefault(name);

    private string In(string path) => Path.Combine(_root, path.Replace('/', Path.DirectorySeparatorChar));

    private void Touch(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
