package io.github.atomicwaker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What doclint calls missing, but for overloads: an overload's comment is one line that links to
 * the method that explains its parameters and its result.
 */
class JavadocTest {

  @Test
  void eachPublicMemberIsExplainedOrLinksToAnOverloadThatIs() throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.walk(Path.of("main/java"))) {
      List<Path> files = sources.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      Public members = new Public(DocTrees.instance(task));
      for (CompilationUnitTree unit : task.parse()) {
        members.scan(unit, null);
      }
      assertEquals(List.of(), members.wanting);
      assertTrue(members.explained > 50, () -> members.explained + " members were looked at");
      assertTrue(members.linking > 5, () -> members.linking + " overloads were looked at");
    }
  }

  private static final class Public extends TreePathScanner<@Nullable Void, @Nullable Void> {
    final List<String> wanting = new ArrayList<>();
    int explained;
    int linking;
    private final DocTrees trees;

    Public(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      if (!isVisible(type.getModifiers())) {
        return null;
      }
      Stream<String> components =
          type.getKind() == Tree.Kind.RECORD
              ? type.getMembers().stream().filter(Public::isField).map(Public::name)
              : Stream.empty();
      List<String> parameters =
          Stream.concat(
                  type.getTypeParameters().stream().map(t -> "<" + t.getName() + ">"), components)
              .toList();
      check(comment(), type.getSimpleName().toString(), parameters, false);
      return super.visitClass(type, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      if (!isVisible(method.getModifiers()) && !isOfInterface()) {
        return null;
      }
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      DocCommentTree comment = comment();
      if (overrides && comment == null) {
        return null;
      }
      List<String> parameters =
          Stream.concat(
                  method.getTypeParameters().stream().map(t -> "<" + t.getName() + ">"),
                  method.getParameters().stream().map(p -> p.getName().toString()))
              .toList();
      Tree result = method.getReturnType();
      boolean returns = result != null && !result.toString().equals("void") && !overrides;
      check(comment, method.getName() + parameters.toString(), parameters, returns);
      return null;
    }

    private static boolean isField(Tree member) {
      return member instanceof VariableTree field
          && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private static String name(Tree field) {
      return ((VariableTree) field).getName().toString();
    }

    private boolean isOfInterface() {
      TreePath parent = getCurrentPath().getParentPath();
      return parent.getLeaf().getKind() == Tree.Kind.INTERFACE;
    }

    private static boolean isVisible(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
    }

    private @Nullable DocCommentTree comment() {
      return trees.getDocCommentTree(getCurrentPath());
    }

    private void check(
        @Nullable DocCommentTree comment, String name, List<String> parameters, boolean returns) {
      String where = getCurrentPath().getCompilationUnit().getSourceFile().getName() + ": " + name;
      if (comment == null || comment.getFullBody().isEmpty()) {
        wanting.add(where + " has no comment");
        return;
      }
      if (comment.getFullBody().get(0) instanceof LinkTree) {
        linking++;
        return;
      }
      explained++;
      Set<String> tags =
          comment.getBlockTags().stream().map(Public::tag).collect(Collectors.toSet());
      for (String parameter : parameters) {
        if (!tags.contains(parameter)) {
          wanting.add(where + " does not explain " + parameter);
        }
      }
      if (returns && !tags.contains("return")) {
        wanting.add(where + " does not explain its result");
      }
    }

    private static String tag(DocTree tag) {
      if (tag instanceof ParamTree parameter) {
        return parameter.isTypeParameter()
            ? "<" + parameter.getName() + ">"
            : parameter.getName().toString();
      }
      return tag instanceof ReturnTree ? "return" : tag.getKind().tagName;
    }
  }
}
